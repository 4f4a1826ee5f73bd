import assert from "node:assert/strict";
import { test } from "node:test";
import { atomFeed } from "../src/index.ts";

test("the index names each alert with its address, and escapes what names hold", () => {
  const feed = atomFeed({
    id: "tag:ioc@sector.example,2026:feed",
    title: "Post <4> & more",
    author: "Sector",
    selfHref: "https://hub.example/api/v1/cap",
    updatedS: 1_795_352_520,
    entries: [
      {
        id: "tag:ioc@sector.example,2026:W-1.1",
        title: "Drone",
        href: "https://hub.example/a?b=1&c=2",
        updatedS: 1_795_352_520,
        language: "en-US",
      },
    ],
  });
  assert.equal(
    feed,
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:ioc@sector.example,2026:feed</id>' +
      "<title>Post &lt;4&gt; &amp; more</title><updated>2026-11-22T13:02:00Z</updated><author><name>Sector</name></author>" +
      '<link rel="self" type="application/atom+xml" href="https://hub.example/api/v1/cap"/><entry><id>tag:ioc@sector.example,2026:W-1.1</id>' +
      '<title>Drone</title><updated>2026-11-22T13:02:00Z</updated><link rel="alternate" type="application/cap+xml" hreflang="en-US" ' +
      'href="https://hub.example/a?b=1&amp;c=2"/></entry></feed>\n',
  );
});
