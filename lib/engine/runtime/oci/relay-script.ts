/**
 * The program that runs in the network namespace of an engine, by the Node.js of the engine itself: it connects to containers for those
 * who ask on a socket, and passes the questions of containers for names on. It ends with the engine.
 *
 * It is a text because it runs without the rest of the package, whatever form that is in.
 */
export const relayScript = String.raw`
const net = require("node:net");
const dgram = require("node:dgram");
const resolvers = new Map();

// each connection begins with a line that says where to; the answer is "+", or "-" and the code of the error
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  let head = "";
  const read = (chunk) => {
    head += chunk.toString("latin1");
    if (!head.endsWith("\n")) return;
    client.off("data", read).pause();
    const { udp, ...place } = JSON.parse(head);
    if (udp) return exchange(client, place);
    const target = net.connect({ ...place, allowHalfOpen: true, noDelay: true });
    client.once("close", () => target.destroy());
    let isConnected = false;
    target.once("connect", () => {
      isConnected = true;
      client.write("+");
      client.pipe(target).pipe(client);
    });
    target.on("error", (error) => (isConnected ? client.destroy() : client.end("-" + error.code)));
  };
  client.on("data", read).on("error", () => client.destroy());
});

// datagrams have their length before them, as 16 bits
function exchange(client, { host, port }) {
  const socket = dgram.createSocket(host.includes(":") ? "udp6" : "udp4");
  let rest = Buffer.alloc(0);
  socket.on("error", () => undefined); // nobody listens, or not yet: datagrams may be lost
  socket.on("message", (data) => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(data.length);
    if (!client.writableNeedDrain) client.write(Buffer.concat([head, data]));
  });
  client.once("close", () => socket.close());
  client.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end; rest.length >= 2 && rest.length >= (end = 2 + rest.readUInt16BE()); rest = rest.subarray(end))
      socket.send(rest.subarray(2, end), () => undefined);
  });
  client.pause();
  socket.connect(port, host, (error) => {
    if (error) return client.end("-" + error.code);
    client.write("+");
    client.resume();
  });
}

function resolve(address) {
  const socket = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
  const done = (error) => process.send({ resolving: address, error: error && error.message });
  socket.on("error", done);
  socket.on("message", (question, { address: from, port }) => process.send({ question: question.toString("base64"), address, from, port }));
  socket.bind(53, address, () => done());
  resolvers.set(address, socket);
}

process.on("message", ({ resolve: address, stop, answer, at, to, port }) => {
  if (address) resolve(address);
  if (stop) resolvers.get(stop)?.close();
  if (answer) resolvers.get(at)?.send(Buffer.from(answer, "base64"), port, to);
});
process.on("disconnect", () => process.exit());
server.listen(process.argv[1], () => process.send({ listening: true }));
`;
