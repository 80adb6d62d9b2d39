import { VersionConflictError } from "../errors/swarm-errors.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { ObjectVersion } from "../types/common.js";
import { boundedCall } from "./deadline.js";
import type { CallOptions } from "./call-options.js";
import type { Operation } from "./operation.js";
import { presentParts } from "./prepare.js";

/** How often an update is made before it gives up, each time from the settings as they are then. */
const ATTEMPTS = 10;

/** Settings that replace those of an object of the swarm as it was in one version. @category Swarm */
export interface SpecOfVersion<Spec> {
  /** The object's `Version.Index` that the update starts from. The engine refuses it when the object has changed since. */
  version: number;
  /** All of the object's settings as they are to be: what is left out is unset. */
  spec: Spec;
}

/** Settings that are made of those that an object of the swarm has. @category Swarm */
export interface SpecFromCurrent<Spec> {
  /** Always unset: the object's own version is used. */
  version?: undefined;
  /**
   * Makes the object's settings of those that it has, and is called again with newer ones when someone else has changed them
   * meanwhile: up to ten times in all.
   */
  spec: (current: Spec) => Spec | Promise<Spec>;
}

/**
 * The settings that an update gives to an object of the swarm: those of one version, or a function of those that it has.
 *
 * @category Swarm
 */
export type SpecUpdate<Spec> = SpecOfVersion<Spec> | SpecFromCurrent<Spec>;

/** An object that a swarm keeps. */
interface Versioned<Spec> {
  readonly Version?: ObjectVersion | undefined;
  readonly Spec?: Spec | undefined;
}

/** The two operations that an update consists of. */
export interface UpdateSteps<Spec, Result> {
  /** Tells what the object is like. */
  inspect: (call: CallOptions) => Promise<Versioned<Spec>>;
  /** Gives it its settings, if it still is in this version. The last argument are those that it had, where that is known. */
  update: (version: number, spec: Spec, call: CallOptions, current?: Spec) => Promise<Result>;
}

/**
 * Makes sure of settings, which callers without types may have forgotten to return.
 *
 * @throws {@link InvalidOptionError} when they are none.
 */
function settings<Spec>(name: string, spec: Spec): Spec {
  if (typeof spec === "object" && spec !== null) return spec;
  throw new InvalidOptionError("spec", `${name}: option "spec" must be an object, or a function that gives one`, {
    operation: name,
  });
}

/**
 * The operation for an update of settings that an engine has sent. It may send some that the API version in use is too old for,
 * and takes them back.
 *
 * @param declaration - the operation, whose option `spec` are the settings.
 * @param current - the settings that the engine has sent.
 */
export function withoutVersionChecksFor<O extends { spec: object }>(
  declaration: Operation<O>,
  current: object | undefined,
): Operation<O> {
  const sent = new Set(presentParts(current, ""));
  const { spec } = declaration.fields;
  const parts = Object.fromEntries(Object.entries(spec.parts ?? {}).filter(([part]) => !sent.has(part)));
  return sent.size === 0 ? declaration : { ...declaration, fields: { ...declaration.fields, spec: { ...spec, parts } } };
}

function isFunction<Spec>(wanted: SpecUpdate<Spec>): wanted is SpecFromCurrent<Spec> {
  return typeof wanted.spec === "function";
}

/**
 * Updates an object that a swarm keeps: with settings for a version of it that the caller knows, or with a function of its
 * settings, which is applied anew when someone else has changed them between.
 *
 * @param name - name of the operation.
 * @param wanted - the settings that the caller gave.
 * @param call - the caller's settings, whose total timeout bounds everything.
 * @param steps - the two operations.
 * @throws {@link InvalidOptionError} when the caller's function gives no settings.
 * @throws {@link VersionConflictError} when the object is not in the given version, or others changed it each time.
 */
export async function versionedUpdate<Spec, Result>(
  name: string,
  wanted: SpecUpdate<Spec>,
  call: CallOptions | undefined,
  steps: UpdateSteps<Spec, Result>,
): Promise<Result> {
  if (!isFunction(wanted)) return steps.update(wanted.version, settings(name, wanted.spec), call ?? {});
  return boundedCall(name, call, async (bounded) => {
    for (let attempt = 1; ; attempt += 1) {
      const { Version, Spec } = await steps.inspect(bounded);
      const current = Spec as Spec; // engines always send it
      const spec = settings(name, await wanted.spec(structuredClone(current)));
      try {
        return await steps.update(Version?.Index ?? 0, spec, bounded, current);
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt === ATTEMPTS) throw error;
      }
    }
  });
}
