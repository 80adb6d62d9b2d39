import { expect, test } from "vitest";
import { PortAllocator, reserve } from "../../../lib/jobs/containers/ports.js";

const none = new Map<number, string>();
const small = (): PortAllocator => new PortAllocator({ first: 40_000, end: 40_010 });

test("ports are chosen one after the other, without those that are taken", () => {
  const allocator = small();
  const isTaken = (port: number): boolean => port === 40_001;
  expect([1, 2, 3].map(() => allocator.allocate(isTaken))).toEqual([40_000, 40_002, 40_003]);
});

test("ports are chosen from the beginning again, until all are taken", () => {
  const allocator = small();
  const taken = new Set<number>();
  for (let round = 0; round < 10; round++) taken.add(allocator.allocate((port) => taken.has(port)));
  expect(taken.size).toBe(10);
  taken.delete(40_004);
  expect(allocator.allocate((port) => taken.has(port))).toBe(40_004);
  expect(() => allocator.allocate(() => true)).toThrow("Unable to create container: some ports could not be reserved.");
});

test("a port that a container has is kept, unless another one is wanted", () => {
  const existing = [
    { internal: 80, external: 40_005 },
    { internal: 81, external: 40_006 },
    { internal: 82, external: 40_007 },
  ];
  const wanted = [{ internal: 80 }, { internal: 81, external: 40_006 }, { internal: 82, external: 50_000 }, { internal: 83 }];
  expect(reserve(wanted, existing, none, small())).toEqual([
    { internal: 80, external: 40_005 },
    { internal: 81, external: 40_006 },
    { internal: 82, external: 50_000 },
    { internal: 83, external: 40_000 },
  ]);
});

test("a port of another container is never taken from it", () => {
  const taken = new Map([[40_000, "other"]]);
  expect(() => reserve([{ internal: 80, external: 40_000 }], [], taken, small())).toThrowError(
    expect.objectContaining({
      message: "Unable to create container: some ports could not be reserved.",
      data: { port: 40_000, container: "other" },
    }) as Error,
  );
  expect(reserve([{ internal: 80 }], [{ internal: 80, external: 40_000 }], taken, small())).toEqual([
    { internal: 80, external: 40_001 },
  ]);
});

test("a port that is wanted for one is not kept by another, nor chosen", () => {
  expect(
    reserve([{ internal: 80 }, { internal: 81, external: 40_000 }], [{ internal: 80, external: 40_000 }], none, small()),
  ).toEqual([
    { internal: 80, external: 40_001 },
    { internal: 81, external: 40_000 },
  ]);
});
