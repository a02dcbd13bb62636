import { webhookSecret } from "@espalier/contracts";
import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { newSecret, sign } from "../src/index.js";

const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

describe("sign", () => {
  it("is accepted by the published verifier for any id and body", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.json(), (id, body) => {
        const timestamp = Math.floor(Date.now() / 1000);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign({ id, timestamp, body }, [secret]),
        };
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
      { numRuns: 50 },
    );
  });

  it("verifies with the old and with the new secret while both sign", () => {
    const rotated = newSecret();
    const timestamp = Math.floor(Date.now() / 1000);
    const message = { id: "msg_1", timestamp, body: '{"a":1}' };
    const headers = {
      "webhook-id": message.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(message, [secret, rotated]),
    };
    expect(new Webhook(secret).verify(message.body, headers)).toEqual({ a: 1 });
    expect(new Webhook(rotated).verify(message.body, headers)).toEqual({ a: 1 });
    expect(() => new Webhook(newSecret()).verify(message.body, headers)).toThrow();
  });

  it("has the value that the specification's HMAC gives", () => {
    const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1614265330, body: '{"test": 2432232314}' };
    const secretOfExample = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    expect(sign(message, [secretOfExample])).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("makes secrets that the contract accepts", () => {
    expect(webhookSecret.safeParse(newSecret()).success).toBe(true);
    expect(newSecret()).not.toBe(newSecret());
  });

  it("refuses to sign without a secret", () => {
    expect(() => sign({ id: "m", timestamp: 1, body: "" }, [])).toThrow(RangeError);
  });
});
