// Roles: what each may, and that nobody above a desk may less than who sits at it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayAct, Role } from "@atalaya/protocol";

test("an analyst may what a viewer may and the analysts' desk, and nothing of the officers'", () => {
  for (const right of ["field", "viewer", "analyst", "staff"] as const) assert.ok(mayAct("analyst", right), right);
  for (const right of ["officer", "supervisor", "owner"] as const) assert.ok(!mayAct("analyst", right), right);
});

test("an officer may not draw claims or write bulletins", () => {
  assert.ok(mayAct("officer", "staff"));
  for (const right of ["analyst", "supervisor", "owner"] as const) assert.ok(!mayAct("officer", right), right);
});

test("a supervisor has both desks, and the owner may all", () => {
  for (const right of Role.options) {
    assert.equal(mayAct("supervisor", right), right !== "owner", right);
    assert.ok(mayAct("owner", right), right);
    assert.equal(mayAct("field", right), right === "field", right);
  }
});
