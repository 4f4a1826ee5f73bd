// The hub's own authority, as OpenSSL sees it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@atalaya/testing/hub";
import { CA_FILE, CA_KEY_FILE, CertificateAuthority, type Issued } from "../src/identity/ca.ts";
import { Identity } from "../src/identity/identity.ts";

const DAY_MS = 86_400_000;

function openssl(...words: readonly string[]): string {
  return execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

async function issued(ca: CertificateAuthority, name: string, more: object = {}): Promise<Issued> {
  const made = await ca.issue({ name, ...more });
  assert.ok(made !== "too-many");
  return made;
}

test("the authority", async (t) => {
  const folder = temporaryFolder(t);
  new Identity(folder).close();
  let nowMs = Date.now();
  const ca = new CertificateAuthority(folder, () => nowMs);
  t.after(() => ca.close());
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  await t.test("is made once, at the first need, with a key that only its user may read", async () => {
    const [first, same] = await Promise.all([ca.certificatePem(), ca.certificatePem()]);
    assert.equal(first, same);
    assert.equal(statSync(join(folder, CA_KEY_FILE)).mode & 0o777, 0o600);
    const text = openssl("x509", "-in", join(folder, CA_FILE), "-noout", "-text");
    assert.match(text, /CA:TRUE, pathlen:0/);
    assert.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign/);
    // A second hub process on the folder finds the same one, and mends a mode that somebody loosened.
    chmodSync(join(folder, CA_KEY_FILE), 0o644);
    const again = new CertificateAuthority(folder);
    assert.equal(await again.certificatePem(), first);
    assert.equal(again.hubId, ca.hubId);
    assert.equal(statSync(join(folder, CA_KEY_FILE)).mode & 0o777, 0o600);
    again.close();
  });

  await t.test(
    "vouches for the hub under its names, and makes the certificate anew when a name is added or it is nearly over",
    async () => {
      const names = ["localhost", "127.0.0.1", "::1", "hub.example.org"];
      const first = await ca.serverCredentials(names);
      const server = file("server.pem", first.cert);
      for (const check of [
        ["-verify_hostname", "hub.example.org"],
        ["-verify_ip", "127.0.0.1"],
        ["-verify_ip", "::1"],
      ])
        assert.match(openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", join(folder, CA_FILE), ...check, server), /OK/);
      assert.throws(() => openssl("verify", "-CAfile", join(folder, CA_FILE), "-verify_hostname", "other.example.org", server));
      assert.throws(() => openssl("verify", "-purpose", "sslclient", "-CAfile", join(folder, CA_FILE), server));
      assert.deepEqual(await ca.serverCredentials(names), first);
      const wider = await ca.serverCredentials([...names, "10.1.2.3"]);
      assert.notEqual(wider.cert, first.cert);
      nowMs += 370 * DAY_MS;
      assert.notEqual((await ca.serverCredentials(names)).cert, wider.cert);
      nowMs -= 370 * DAY_MS;
    },
  );

  await t.test("vouches for people and devices, in any script, and not for servers", async () => {
    const { certificate, certificatePem, keyPem } = await issued(ca, "Núñez 守", { device: "tablet", uid: "ANDROID-1" });
    const path = file("client.pem", certificatePem);
    assert.match(openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", join(folder, CA_FILE), path), /OK/);
    assert.throws(() => openssl("verify", "-purpose", "sslserver", "-CAfile", join(folder, CA_FILE), path));
    const said = openssl(
      "x509",
      "-in",
      path,
      "-noout",
      "-subject",
      "-serial",
      "-fingerprint",
      "-sha256",
      "-nameopt",
      "utf8,sep_comma_plus",
    );
    assert.match(said, /CN=Núñez 守/);
    assert.ok(said.toLowerCase().includes(`serial=${certificate.serial}`));
    assert.ok(said.toLowerCase().replaceAll(":", "").includes(certificate.fingerprint));
    assert.equal(openssl("pkey", "-in", file("client-key.pem", keyPem), "-pubout"), openssl("x509", "-in", path, "-noout", "-pubkey"));
    const known = ca.standing(certificate.fingerprint);
    assert.deepEqual([known?.name, known?.device, known?.uid], ["Núñez 守", "tablet", "ANDROID-1"]);
  });

  await t.test("hands out stores that old clients read: 3DES, SHA-1, the whole chain", async () => {
    const made = await issued(ca, "Old tablet");
    const store = file("client.p12", await ca.personalStore(made, "a password"));
    const open = (path: string, password: string): string =>
      openssl("pkcs12", "-in", path, "-passin", `pass:${password}`, "-nodes", "-info");
    const text = execFileSync("sh", ["-c", `openssl pkcs12 -in ${store} -passin "pass:a password" -nodes -info 2>&1`], {
      encoding: "utf8",
    });
    assert.match(text, /MAC: sha1/);
    assert.match(text, /pbeWithSHA1And3-KeyTripleDES-CBC/);
    assert.equal(text.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.match(text, /BEGIN PRIVATE KEY/);
    assert.throws(() => open(store, "another"));
    const trust = open(file("trust.p12", await ca.trustStore("x")), "x");
    assert.equal(trust.match(/BEGIN CERTIFICATE/g)?.length, 1);
    assert.doesNotMatch(trust, /PRIVATE KEY/);
  });

  await t.test("takes back what it gave, keeps the list, and signs it", async () => {
    const [lost, kept] = [await issued(ca, "Lost"), await issued(ca, "Kept")];
    const pem = join(folder, CA_FILE);
    const check = async (path: string): Promise<string> => {
      const chain = file("chain.pem", `${await ca.certificatePem()}${await ca.revocationList()}`);
      return openssl("verify", "-crl_check", "-CAfile", chain, path);
    };
    const lostFile = file("lost.pem", lost.certificatePem);
    assert.match(openssl("crl", "-in", file("empty.crl", await ca.revocationList()), "-CAfile", pem, "-noout", "-text"), /No Revoked/);
    assert.match(await check(lostFile), /OK/);
    assert.equal(ca.revoke(lost.certificate.serial, "Olga")?.name, "Lost");
    assert.equal(ca.revoke(lost.certificate.serial, "Olga"), undefined, "once");
    assert.equal(ca.revoke("0123", "Olga"), undefined);
    assert.equal(ca.standing(lost.certificate.fingerprint), undefined);
    await assert.rejects(check(lostFile));
    assert.match(await check(file("kept.pem", kept.certificatePem)), /OK/);
    const again = new CertificateAuthority(folder);
    assert.equal(again.standing(lost.certificate.fingerprint), undefined, "after a restart too");
    again.close();
  });

  await t.test("certificates run out, and the longest run is bounded", async () => {
    const { certificate } = await issued(ca, "Brief", { days: 2 });
    assert.ok(ca.standing(certificate.fingerprint) !== undefined);
    nowMs += 3 * DAY_MS;
    assert.equal(ca.standing(certificate.fingerprint), undefined);
    nowMs += 40 * DAY_MS;
    const long = await issued(ca, "Long", { days: 100_000 });
    assert.ok(long.certificate.expiresMs - nowMs <= 1095 * DAY_MS);
    assert.ok(!ca.certificates().some(({ name }) => name === "Brief"), "long over, and forgotten");
  });
});
