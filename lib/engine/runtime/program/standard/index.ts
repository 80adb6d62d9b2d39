import type { Program, ProgramContext } from "../program.js";
import { chmod, chown, touch } from "./attributes.js";
import { awk } from "./awk.js";
import { fail, seq, sleep, succeed, yes } from "./basic.js";
import { cat, tee } from "./cat.js";
import { program } from "./command.js";
import { cmp } from "./compare.js";
import { cp, mv } from "./copy.js";
import { cut } from "./cut.js";
import { dd, split } from "./dd.js";
import { diff } from "./diff.js";
import { base64, md5sum, sha1sum, sha256sum, sha512sum } from "./digest.js";
import { ln, mkdir, rm, rmdir } from "./directories.js";
import { du, mkfifo, mknod, sync } from "./disk.js";
import { hexdump, od } from "./dump.js";
import { echo, printf } from "./echo.js";
import { expr } from "./expr.js";
import { find } from "./find.js";
import { grep } from "./grep.js";
import { gzip } from "./gzip.js";
import { head } from "./head.js";
import { httpd } from "./httpd.js";
import { arch, date, env, groups, hostname, id, printenv, pwd, uname, whoami } from "./identity.js";
import { ip } from "./ip.js";
import { comm, paste, strings } from "./join.js";
import { ls } from "./ls.js";
import { basename, dirname, mktemp, readlink, realpath, which } from "./names.js";
import { nc } from "./nc.js";
import { UsageError } from "./options.js";
import { ping } from "./ping.js";
import { kill, killall, pgrep, pidof, pkill, ps, timeout, watch } from "./processes.js";
import { fold, nl, rev, tac } from "./reorder.js";
import { nice, nohup, xargs } from "./run-with.js";
import { sed } from "./sed.js";
import { sort, uniq } from "./sort.js";
import { stat } from "./stat.js";
import { clear, df, free, nproc, stty, tty, uptime } from "./system.js";
import { tail } from "./tail.js";
import { tar } from "./tar.js";
import { test } from "./test.js";
import { tr } from "./tr.js";
import { wc } from "./wc.js";
import { wget } from "./wget.js";

const programs: Readonly<Record<string, Program>> = {
  "[": test,
  "[[": test,
  arch,
  awk,
  base64,
  basename,
  cat,
  chgrp: chown,
  chmod,
  chown,
  clear,
  cmp,
  comm,
  cp,
  cut,
  date,
  dd,
  df,
  diff,
  dirname,
  du,
  echo,
  egrep: grep,
  env,
  expr,
  false: fail,
  fgrep: grep,
  find,
  fold,
  free,
  grep,
  groups,
  gunzip: gzip,
  gzip,
  hd: hexdump,
  head,
  hexdump,
  hostname,
  httpd,
  id,
  ip,
  kill,
  killall,
  ln,
  logname: whoami,
  ls,
  md5sum,
  mkdir,
  mkfifo,
  mknod,
  mktemp,
  mv,
  nc,
  nice,
  nl,
  nohup,
  nproc,
  od,
  paste,
  pgrep,
  pidof,
  ping,
  pkill,
  printenv,
  printf,
  ps,
  pwd,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sha1sum,
  sha256sum,
  sha512sum,
  sleep,
  sort,
  split,
  stat,
  strings,
  stty,
  sync,
  tac,
  tail,
  tar,
  tee,
  test,
  timeout,
  touch,
  tr,
  true: succeed,
  tty,
  uname,
  uniq,
  uptime,
  watch,
  wc,
  wget,
  which,
  whoami,
  xargs,
  yes,
  zcat: gzip,
};

/** Runs the program that its first argument names, as the program of this name does that has all of them in one file. */
const busybox = program(
  async (command) => {
    const [name, ...args] = command.args;
    if (name === undefined || name === "--help") throw new UsageError("");
    if (name === "--list") {
      command.out.put(`${Object.keys(standardPrograms).join("\n")}\n`);
      return 0;
    }
    const called = programs[name];
    if (called) return await called(Object.create(command.context, { argv: { value: [name, ...args] } }) as ProgramContext);
    // the shell is registered elsewhere
    return await command.run(command.args, { replaces: true, describe: () => `${name}: applet not found` });
  },
  { usage: "FUNCTION [ARGUMENTS]..." },
);

/** The programs that every container of the `program` executor has, by name. */
export const standardPrograms: Readonly<Record<string, Program>> = { ...programs, busybox };
