const { open: openRaw } = await import("./clients/raw.js"); const { open: openOurs } = await import("./clients/ours.js");
import { stubLines } from "./lines.js";
const line = stubLines.find(l=>l.name==="attach");
const raw = await openRaw("unix:///tmp/stub.sock"), ours = await openOurs("unix:///tmp/stub.sock", process.argv[2]);
const m=async(c)=>{ const u=process.cpuUsage(); await line.run(c,128,{name:"attach"}); const d=process.cpuUsage(u); return (d.user+d.system)/1000 };
for (let i=0;i<8;i++) console.log("raw", (await m(raw)).toFixed(0), "ours", (await m(ours)).toFixed(0));
process.exit(0);
