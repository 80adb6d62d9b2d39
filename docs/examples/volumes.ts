/** Keeps data in a volume from one container to the next, and cleans up by label. */
import { Client, NoSuchVolumeError, VolumeInUseError } from "ts-dockerclient";

const client = Client.fromEnv();
const label = `example=volumes-${process.pid}`;
const [key = "", value = ""] = label.split("=");

const { Name: name } = await client.createVolume({ labels: { [key]: value } });
const hostConfig = { Binds: [`${name}:/data`] };
await client.output({ image: "busybox", command: ["sh", "-c", "echo kept > /data/note"], hostConfig });
const { stdout } = await client.output({ image: "busybox", command: ["cat", "/data/note"], hostConfig });
console.log(stdout.toString().trim());

const { Driver, Scope, Mountpoint } = await client.inspectVolume({ name });
console.log(`${Driver} volume, ${Scope}, ${Mountpoint === "" ? "nowhere" : "somewhere"} on the engine's host`);

const { Id: id } = await client.createContainer({ config: { Image: "busybox" }, hostConfig });
try {
  const { Volumes } = await client.listVolumes({ filters: { label } });
  console.log(`${Volumes.length} volume listed`);
  await client.removeVolume({ name }).catch((error: unknown) => {
    if (!(error instanceof VolumeInUseError)) throw error;
    console.log(`${error.name}: a stopped container still uses it`);
  });
} finally {
  await client.removeContainer({ id });
  const { VolumesDeleted } = await client.pruneVolumes({ filters: { label } });
  console.log(`pruned ${VolumesDeleted.length}`);
  await client.inspectVolume({ name }).catch((error: unknown) => {
    if (!(error instanceof NoSuchVolumeError)) throw error;
    console.log(`${error.name}: it no longer exists`);
  });
  await client.close();
}
