// The size of an installation: packages, bytes and files after `npm install` in an empty folder.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const npm = (cwd, ...args) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function weigh(folder) {
  const weight = { packages: 0, megabytes: 0, files: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    weight.files += 1;
    weight.megabytes += statSync(path).size / 1e6;
    // packages are at node_modules/name and node_modules/@scope/name; a deeper package.json is not a package
    if (entry.name === "package.json" && /node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@]+$/.test(entry.parentPath))
      weight.packages += 1;
  }
  return weight;
}

/** Installs a package in an empty folder and measures the result. */
function install(folder, specifier) {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", specifier);
  return weigh(join(folder, "node_modules"));
}

/**
 * Packs this package, which must be built, and measures the installation of it and of its peers.
 *
 * @param {string} top - this package's folder.
 * @param {string} temporary - an empty folder.
 * @param {Record<string, string>} peers - versions by name.
 */
export function installSizes(top, temporary, peers) {
  const packed = npm(top, "pack", "--silent", "--ignore-scripts", "--pack-destination", temporary).trim();
  const sizes = { ours: install(join(temporary, "ours"), join(temporary, packed.split("\n").at(-1))) };
  for (const [name, version] of Object.entries(peers))
    sizes[basename(name)] = install(join(temporary, basename(name)), `${name}@${version}`);
  return sizes;
}
