import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { isReachable, parseNetwork } from "../../src/notify/addresses.ts";
import { startReceiver, subscriptionBody } from "../support/receiver.ts";
import { startService } from "../support/service.ts";

/** Where no request may ever go. Each leads, by one writing or another, to what is not public, or is no https URL. */
const targets = [
  ...["https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/"],
  ...["https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://017700000001/", "https://127.0.0.1./"],
  ...["https://0.0.0.0/", "https://0/", "https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/"],
  ...["https://172.31.255.255/", "https://192.168.0.1/", "https://169.254.169.254/", "https://2852039166/"],
  ...["https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://100.64.0.1/", "https://100.100.100.200/"],
  ...["https://168.63.129.16/", "https://192.0.0.192/", "https://198.18.0.1/", "https://224.0.0.1/"],
  ...["https://255.255.255.255/", "https://240.0.0.1/", "https://192.0.2.1/", "https://198.51.100.1/"],
  ...["https://203.0.113.1/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/"],
  ...["https://[::ffff:7f00:1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/", "https://[fe80::1]/"],
  ...["https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"],
  ...["https://[2001::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://localhost/"],
  ...["https://LOCALHOST./", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://user:secret@app.example/"],
  ...["https://user@app.example/", "https://app.example:secret@127.0.0.1/", "http://app.example/"],
  ...["http://127.0.0.1/", "ftp://app.example/", "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "ws://app.example/"],
  ...["javascript:alert(1)", "data:text/plain,x", "unix:/var/run/docker.sock", "//app.example/", "app.example/hook"],
  ...["https://", "https:///", "https://app.example/#part", "https://app.example/a b", "https:\\\\127.0.0.1/"],
  ...["https://app.example\\@127.0.0.1/", "https://app.exa\tmple/", " https://app.example/", "https://[::1%25lo]/"],
];

/** Names that lead to such an address, alone or among others. */
const names = [
  ["loopback.example", ["127.0.0.1"]],
  ["loopback6.example", ["::1"]],
  ["private.example", ["10.1.2.3"]],
  ["metadata.example", ["169.254.169.254"]],
  ["mapped.example", ["::ffff:10.0.0.1"]],
  ["mixed.example", ["93.184.215.14", "192.168.1.1"]],
  ["nowhere.example", []],
  ["strange.example", ["not an address"]],
] as const;

describe("a receiver that is not public", () => {
  test("is refused however its address is written, and never resolved or connected to", async () => {
    const resolved: string[] = [];
    await using service = await startService("sqlite", {
      reach: { networks: [], loopback: false },
      resolve: async (host) => {
        resolved.push(host);
        return [];
      },
    });

    const answers = await Promise.all(
      targets.map(
        async (url) => [url, (await service.post("/subscriptions", subscriptionBody(url))).json.error] as const,
      ),
    );

    expect(targets.length).toBeGreaterThanOrEqual(40);
    expect(answers.filter(([, error]) => error?.target !== "notificationUrl").map(([url]) => url)).toEqual([]);
    expect(JSON.stringify(answers.map(([, error]) => error))).not.toContain("secret");
    expect(resolved).toEqual([]);
    expect((await service.get("/subscriptions/$count")).text).toBe("0");
  });

  test("is not connected to by any name that leads there", async () => {
    let connections = 0;
    const trap = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const address = trap.address();
    const port = typeof address === "object" ? address?.port : 0;
    const known = new Map<string, readonly string[]>(names);
    await using service = await startService("sqlite", {
      reach: { networks: [], loopback: false },
      resolve: async (host) =>
        (known.get(host) ?? []).map((each) => ({ address: each, family: each.includes(":") ? 6 : 4 })),
    });

    const answers = await Promise.all(
      names.map(([name]) => service.post("/subscriptions", subscriptionBody(`https://${name}:${port}/`))),
    );
    trap.close();

    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 400));
    for (const { json } of answers)
      expect(json.error.message).toMatch(/The host leads to an address that is not public\.$/);
    expect(JSON.stringify(answers.map(({ json }) => json))).not.toContain("10.1.2.3");
    expect(connections).toBe(0);
  });

  test("is not reached by a name that leads elsewhere when it is asked again", async () => {
    let asked = 0;
    await using receiver = await startReceiver();
    // It stands for a public address where nobody answers (RFC 5737).
    const network = parseNetwork("192.0.2.0/24");
    await using service = await startService("sqlite", {
      reach: { networks: network === undefined ? [] : [network], loopback: false },
      // Public at the first question, this machine from then on.
      resolve: async () => [{ address: asked++ === 0 ? "192.0.2.1" : "127.0.0.1", family: 4 }],
      limits: { handshakeSecondsMax: 1 },
    });
    const { port } = new URL(receiver.url);

    const first = await service.post("/subscriptions", subscriptionBody(`https://rebinding.example:${port}/notify`));
    const second = await service.post("/subscriptions", subscriptionBody(`https://rebinding.example:${port}/notify`));

    expect([first.status, second.status]).toEqual([400, 400]);
    expect(asked).toBe(2);
    expect(receiver.handshakes).toEqual([]);
  });

  test("is sent nothing any more when its name leads to it later", async () => {
    await using receiver = await startReceiver();
    let address = "127.0.0.1";
    const { port } = new URL(receiver.url);
    await using service = await startService("sqlite", {
      reach: { networks: [], loopback: true },
      resolve: async () => [{ address, family: 4 }],
    });
    const url = `http://localhost:${port}/notify`;
    const { json } = await service.post("/subscriptions", subscriptionBody(url));

    address = "10.0.0.1";
    const test = await service.post(`/subscriptions/${json.id}/sendTestNotification`);

    expect(test.json).toMatchObject({
      status: "dropped",
      statusCode: null,
      failure: "The host leads to an address that is not public.",
    });
    expect(receiver.requests).toEqual([]);
  });
});

describe("what the operator opens", () => {
  test.each([
    ["10.1.2.3", true],
    ["::ffff:10.1.2.3", true],
    ["fd00::1", false],
    ["192.168.0.1", false],
    ["127.0.0.1", false],
    ["93.184.215.14", true],
    ["2606:4700:4700::1111", true],
  ])("is reached and no more: %s %s", (address, expected) => {
    const network = parseNetwork("10.0.0.0/8");
    const reach = { networks: network === undefined ? [] : [network], loopback: false };

    expect(isReachable(address, reach)).toBe(expected);
  });

  test.each(["10.0.0.0", "10.0.0.0/33", "x/8", ""])("is a network: '%s' is none", (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});
