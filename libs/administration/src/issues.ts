import { Problem, type Issue } from '#problem';

/**
 * More issues than this are not listed: nobody reads them, and an answer must fit into one message. The first issue's words say how many
 * there are.
 */
const LISTED_AT_MOST = 100;

/** 400 with every issue found, as far as they can be listed. */
export function invalid(issues: readonly Issue[]): Problem {
  const [first] = issues;
  if (!first || issues.length <= LISTED_AT_MOST) return Problem.invalid(issues);
  const detail = `${first.detail} (and ${issues.length - 1} more; errors lists the first ${LISTED_AT_MOST})`;
  return Problem.invalid(issues.slice(0, LISTED_AT_MOST), detail);
}
