import { randomInt } from "node:crypto";
import { badRequest } from "../engine-error.js";

const adjectives =
  "able amber bold brave bright brisk calm civil clever crisp daring eager early fair fleet fond frank free fresh gentle glad golden grand happy hardy honest humble jolly keen kind lively loyal lucid lucky mellow merry mild modest neat nimble noble patient placid plain polite prime proud quick quiet rapid ready rosy serene sharp shiny silent simple smart snug solid spry stable steady sunny swift tidy tranquil true upbeat vivid warm wise witty young zesty".split(
    " ",
  );

const surnames =
  "ampere archimedes babbage bell bohr boole cantor celsius curie darwin descartes dirac edison einstein euclid euler faraday fermat fermi feynman franklin galileo gauss gibbs goedel hamilton heisenberg hertz hilbert hooke hopper hubble huygens hypatia joule kelvin kepler lagrange laplace leibniz linnaeus lovelace mach maxwell mendel mendeleev meitner newton noether ohm pascal pasteur planck poincare ptolemy ramanujan riemann rontgen rutherford schrodinger shannon tesla thales turing volta watt wien wiles yalow".split(
    " ",
  );

const NAME = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/**
 * Returns the name of a container without the slash.
 *
 * @throws an {@link EngineError} with status 400 when it has other characters than Docker allows.
 */
export function checkedName(name: string): string {
  if (!NAME.test(name)) {
    throw badRequest(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  }
  return name.replace(/^\//, "");
}

/** Returns a random name that is not taken, such as `keen_lovelace`. */
export function randomName(isTaken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const name = `${adjectives[randomInt(adjectives.length)] ?? ""}_${surnames[randomInt(surnames.length)] ?? ""}`;
    // after many attempts, most names are taken
    const unique = attempt < 5 ? name : `${name}${randomInt(10 ** Math.min(attempt - 3, 9))}`;
    if (!isTaken(unique)) return unique;
  }
}
