import { type ApiError, type ApiErrorDetails, type ApiErrorFactory, apiErrorOf } from "../errors/api-error.js";

/**
 * A wording that distinguishes errors with the same status: the pattern, the engines that use it, and the error it maps to.
 * `Subject` holds the names and IDs that the error mentions.
 */
export type Wording<Subject extends readonly unknown[] = []> = readonly [
  pattern: RegExp,
  engines: string,
  make: (details: ApiErrorDetails, ...subject: Subject) => ApiError,
];

/**
 * Returns a function that creates the error for the first wording that matches the engine's message.
 *
 * @param wordings - the table, the most specific wordings first.
 * @param otherwise - creates the error when no wording matches. By default, it creates the general error for the status.
 */
export const classifier =
  <Subject extends readonly unknown[]>(
    wordings: readonly Wording<Subject>[],
    otherwise?: (details: ApiErrorDetails, ...subject: Subject) => ApiError,
  ) =>
  (...subject: Subject): ApiErrorFactory =>
  (details) => {
    const make = wordings.find(([pattern]) => pattern.test(details.message))?.[2] ?? otherwise;
    return make ? make(details, ...subject) : apiErrorOf(details);
  };
