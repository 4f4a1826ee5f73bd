import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkOperatorRegistration,
  checkRegistration,
  checkSerialNumber,
  checkSessionId,
  checkUasId,
  checkUtmId,
  type IdentifierCheck,
} from "../../src/index.ts";

const code = (check: IdentifierCheck): string => (check.ok ? "ok" : check.code);

test("serial numbers are checked by alphabet, length code and length", () => {
  // Well-formed serial numbers that makers have published.
  for (const serial of ["1581F6N8A23B2ML3Y3KR", "1588E040445AC004418", "1787F04BM24010011039"])
    assert.equal(code(checkSerialNumber(serial)), "ok");
  assert.equal(code(checkSerialNumber("112624150A90E3AE1EC0")), "length");
  assert.equal(code(checkSerialNumber("EDRI-D1")), "alphabet");
  assert.equal(code(checkSerialNumber("DRLX0")), "too-short");
  assert.equal(code(checkSerialNumber("DRLX0SURVEY")), "length-code");
  assert.equal(code(checkSerialNumber("DRLXGSURVEY")), "length-code");
  assert.equal(code(checkSerialNumber("DRLX6SURVEY")), "ok");
  assert.equal(code(checkSerialNumber("DRLX6SURVEI")), "alphabet");
});

test("operator numbers are checked by their form, and wholly where the secret is known", () => {
  assert.equal(code(checkOperatorRegistration("FIN87astrdge12k8")), "ok");
  assert.equal(code(checkOperatorRegistration("FIN87astrdge12k8-xyz")), "ok");
  assert.equal(code(checkOperatorRegistration("BGRpxs4wvrvpbp63-duz")), "ok");
  assert.equal(code(checkOperatorRegistration("FIN87astrdge12k9-xyz")), "check-character");
  assert.equal(code(checkOperatorRegistration("FIN87astrdge12k8-xya")), "check-character");
  assert.equal(code(checkOperatorRegistration("fin87astrdge12k8")), "form");
  assert.equal(code(checkOperatorRegistration("GBR-OP-123ABCD")), "form");
});

test("registrations, session and traffic management identifiers are checked by their form", () => {
  assert.equal(code(checkRegistration("N.FA3ABC123")), "ok");
  assert.equal(code(checkRegistration("NFA3ABC123")), "form");
  assert.equal(code(checkSessionId(`01${"ab".repeat(19)}`)), "ok");
  assert.equal(code(checkSessionId("00".repeat(20))), "reserved-kind");
  assert.equal(code(checkSessionId("zz".repeat(20))), "form");
  assert.equal(code(checkUtmId(`${"12".repeat(16)}00000000`)), "ok");
  assert.equal(code(checkUtmId("12".repeat(20))), "padding");
  assert.equal(code(checkUtmId("00".repeat(20))), "empty");
  assert.equal(code(checkUasId(1, "DRLX6SURVEY")), "ok");
  assert.equal(code(checkUasId(9, "00".repeat(20))), "id-type");
});

test("no text makes a check throw", () => {
  for (const text of ["", "\0", "💥", "A".repeat(100_000), "-".repeat(50)]) {
    for (const check of [checkSerialNumber, checkOperatorRegistration, checkRegistration, checkSessionId, checkUtmId])
      assert.equal(check(text).ok, false);
  }
});
