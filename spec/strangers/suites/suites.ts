/** A test suite of another client of Docker, as npm has it. */
export interface Suite {
  /** Its package. */
  readonly name: string;
  /** The version whose tests were read. */
  readonly version: string;
  /** What its tests import besides its own dependencies. */
  readonly needs: Readonly<Record<string, string>>;
  /** The program of its test runner below node_modules, and the arguments with which it prints TAP. */
  readonly command: readonly [string, ...string[]];
  /** How it wants the address of an engine. */
  readonly environment: (host: string) => Record<string, string>;
}

/** Returns the path of a socket, and other addresses as they are. */
const pathOf = (host: string): string => host.replace(/^unix:\/\//, "");

const MOCHA = "mocha/bin/mocha.js";

/** The suites, in the order in which they run. */
export const suites: readonly Suite[] = [
  {
    name: "node-docker-api",
    version: "1.1.22",
    needs: { ava: "^0.17.0", memorystream: "^0.3.1" },
    command: ["ava/cli.js", "--tap", "--serial", "test/*.js"],
    environment: (host) => ({ DOCKER_HOST: host, DOCKER_SOCKET: pathOf(host) }),
  },
  {
    name: "dockerode-process",
    version: "0.6.1",
    needs: { mocha: "^10.8.2", "dockerode-options": "^0.1.0", "dockerode-promise": "^0.1.0" },
    // its own limit is 100 s, which the tests that pull use up where there is no Docker Hub
    command: [
      MOCHA,
      "--exit",
      "--ui=tdd",
      "--timeout=10s",
      "--reporter=tap",
      "test/utils_test.js",
      "test/docker_process_test.js",
    ],
    environment: (host) => ({ DOCKER_HOST: pathOf(host) }),
  },
  {
    name: "dockerode-compose",
    version: "1.4.0",
    needs: { mocha: "^10.8.2", chai: "^4.2.0" },
    // its pulls wait 10 minutes each where there is no Docker Hub
    command: [MOCHA, "--exit", "--reporter=tap", "--invert", "--grep=#pull"],
    environment: (host) => ({ DOCKER_HOST: host }),
  },
];

/** The names under which the suites use an image. */
export const images = ["ubuntu:latest", "mysql:5.7", "wordpress:latest"] as const;

/** An image that has what the suites run: small programs of Ubuntu's, which do nothing. */
export const dockerfile = [
  "FROM busybox:latest",
  `RUN printf '#!/bin/sh\\nexec /bin/sh "$@"\\n' > /bin/bash && chmod 755 /bin/bash`,
  `RUN printf '#!/bin/sh\\n' > /bin/apt-get && printf '#!/bin/sh\\n' > /bin/service && chmod 755 /bin/apt-get /bin/service`,
  "RUN mkdir -p /var/log /root && echo boot > /var/log/dmesg",
  'CMD ["/bin/bash"]',
  "",
].join("\n");
