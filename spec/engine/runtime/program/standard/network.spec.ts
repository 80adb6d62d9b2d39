import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { newFiles } from "./files.js";
import { contextOf, type Result, run, type Surroundings } from "./harness.js";
import { MemoryNetwork } from "./network.js";
import { wordsOf } from "./words.js";

const pages = {
  "www/index.html": "<p>home</p>\n",
  "www/a b.txt": "text",
  "www/sub/index.html": "sub\n",
  "www/big": "x".repeat(300_000),
  secret: "no",
};

/** A network, files, and a way to run programs with them. */
async function setUp(content: Readonly<Record<string, string>> = pages) {
  const network = new MemoryNetwork();
  const files = await newFiles(content);
  const start = (line: string, surroundings: Surroundings = {}): Promise<Result> => {
    const argv = wordsOf(line);
    const program = standardPrograms[argv[0] ?? ""];
    if (!program) throw new Error(`no program ${line}`);
    return run(program, contextOf(argv, files, { listen: network.listen, connect: network.connect, ...surroundings }));
  };
  return { network, files, start };
}

describe("httpd and wget", () => {
  it("serve and fetch files", async () => {
    const { network, files, start } = await setUp();
    const killed = new AbortController();
    const server = start("httpd -f -p 8080 -h www", { signal: killed.signal });
    await expect.poll(() => network.listens(8080)).toBe(true);
    expect(await start("wget -q -O - http://server:8080/")).toEqual({ stdout: "<p>home</p>\n", stderr: "", code: 0 });
    expect((await start("wget -q -O - server:8080/a%20b.txt")).stdout).toBe("text");
    expect((await start("wget -q -O - http://server:8080/sub")).stdout).toBe("sub\n");
    expect((await start("wget -q -O - http://server:8080/big")).stdout).toHaveLength(300_000);
    expect(await start("wget http://server:8080/sub/")).toEqual({
      stdout: "",
      stderr: "Connecting to server:8080 (server:8080)\nsaving to 'index.html'\n'index.html' saved\n",
      code: 0,
    });
    expect((await files.readFile("/data/index.html")).toString()).toBe("sub\n");
    expect(await start("wget -q http://server:8080/sub/")).toMatchObject({
      stderr: "wget: can't open 'index.html': File exists\n",
      code: 1,
    });
    expect(await start("wget -q --spider http://server:8080/")).toEqual({ stdout: "", stderr: "", code: 0 });
    for (const path of ["nope", "..%2fsecret"]) expect((await start(`wget -q -O - http://server:8080/${path}`)).code).toBe(1);
    expect((await start("wget -q -O - http://server:8080/nope")).stderr).toBe(
      "wget: server returned error: HTTP/1.1 404 Not Found\n",
    );
    expect((await start("wget -q -O - --post-data a=1 http://server:8080/")).stderr).toContain("501 Not Implemented");
    killed.abort(new Error("killed"));
    expect((await server).code).toBe(0);
    expect(network.listens(8080)).toBe(false);
  });

  it("name what fails", async () => {
    const { network, start } = await setUp();
    expect(await start("wget -q http://nowhere/")).toEqual({ stdout: "", stderr: "wget: bad address 'nowhere'\n", code: 1 });
    expect((await start("wget -q http://server/")).stderr).toBe(
      "wget: can't connect to remote host (server): Connection refused\n",
    );
    expect((await start("wget -q https://server/")).stderr).toBe("wget: not an http URL: https://server/\n");
    expect((await start("httpd -f -h nowhere")).stderr).toBe(
      "httpd: can't change directory to 'nowhere': No such file or directory\n",
    );
    network.listen(80, () => undefined);
    expect((await start("httpd -f -h www")).stderr).toBe("httpd: bind: Address already in use\n");
    expect((await start("wget -q -T 0.05 http://server/")).stderr).toBe("wget: download timed out\n");
  });
});

describe("nc", () => {
  it("carries bytes both ways, and ends with the other side", async () => {
    const { network, start } = await setUp();
    const server = start("nc -l -p 9000", { stdin: "from the server\n" });
    await expect.poll(() => network.listens(9000)).toBe(true);
    const client = start("nc server 9000", { stdin: "from the client\n" });
    expect(await client).toEqual({ stdout: "from the server\n", stderr: "", code: 0 });
    expect(await server).toEqual({ stdout: "from the client\n", stderr: "", code: 0 });
    expect(network.listens(9000)).toBe(false);
  });

  it("runs a program for each connection", async () => {
    const { network, start } = await setUp();
    const killed = new AbortController();
    const server = start("nc -lk -p 7 -e cat", { signal: killed.signal });
    await expect.poll(() => network.listens(7)).toBe(true);
    for (const text of ["one", "two"]) expect((await start("nc server 7", { stdin: text })).stdout).toBe(text);
    killed.abort(new Error("killed"));
    await expect(server).rejects.toThrow("killed");
  });

  it("checks ports", async () => {
    const { network, start } = await setUp();
    const close = network.listen(80, (connection) => void connection.resume());
    expect(await start("nc -z server 80")).toEqual({ stdout: "", stderr: "", code: 0 });
    expect(await start("nc -zv server 80")).toMatchObject({ stderr: "server (server:80) open\n", code: 0 });
    close();
    expect((await start("nc -z server 80")).code).toBe(1);
    expect(await start("nc -zv -w 1 server 80")).toEqual({
      stdout: "",
      stderr: "nc: can't connect to remote host (server): Connection refused\n",
      code: 1,
    });
    expect((await start("nc nowhere 80")).stderr).toBe("nc: bad address 'nowhere'\n");
    expect((await start("nc -u server 80")).stderr).toBe("nc: UDP is not supported\n");
  });

  it("stops to wait for a connection after a time", async () => {
    const { start } = await setUp();
    const result = await start("nc -w 0.02 server 80", { connect: () => new Promise(() => undefined) });
    expect(result).toEqual({ stdout: "", stderr: "nc: timed out\n", code: 1 });
  });

  it("closes an idle connection after a time", async () => {
    const { network, start } = await setUp();
    network.listen(80, () => undefined);
    expect((await start("nc -w 0.02 server 80", { stdin: new PassThrough() })).code).toBe(0);
  });
});

describe("ping and ip", () => {
  it("print what the network knows", async () => {
    const { files, start } = await setUp();
    await files.writeFile("/etc/hosts", "127.0.0.1 localhost\n172.17.0.2 box\n");
    const { stdout, code } = await start("ping -c 1 server");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^PING server .*\n64 bytes from server: seq=0 .*\n\n--- server .*\n1 packets transmitted, 1 packets received, 0% packet loss\n/,
    );
    expect((await start("ping -c 1 nowhere")).stderr).toBe("ping: bad address 'nowhere'\n");
    expect((await start("hostname -i")).stdout).toBe("172.17.0.2\n");
    const interfaces = [
      { name: "eth0", mac: "02:42:0a:4d:00:02", addresses: ["10.77.4.2/22", "fd77::2/64"] },
      { name: "eth1", mac: "02:42:ac:11:00:02", addresses: ["172.17.0.2/16"], gateway: "172.17.0.1" },
    ];
    const { stdout: addresses } = await start("ip addr", { interfaces });
    expect(addresses).toContain("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP>");
    expect(addresses).toContain("    inet6 fd77::2/64 scope global");
    expect(addresses).toContain(
      "    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff\n    inet 172.17.0.2/16 scope global eth1\n",
    );
    expect((await start("ip route", { interfaces })).stdout).toBe(
      "default via 172.17.0.1 dev eth1\n" +
        "10.77.4.0/22 dev eth0 scope link  src 10.77.4.2\n172.17.0.0/16 dev eth1 scope link  src 172.17.0.2\n",
    );
  });
});
