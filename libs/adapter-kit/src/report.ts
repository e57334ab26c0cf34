import { landingOf, type AttemptReport, type Capability, type PmsDefinition } from '#capabilities';
import type { CallResult } from './call-result.ts';
import { redact } from './redact.ts';

/** What a result means for a developer who has never seen this PMS, in a few sentences, with the PMS's own words redacted. */
export function inWords(
  pms: PmsDefinition,
  capability: Capability,
  result: CallResult,
  values: Readonly<Record<string, unknown>>,
): string {
  const said = whatThePmsSaid(capability, result, values);
  const advice = result.verdict === 'done' ? undefined : pms.meanings?.[result.status ?? 0];
  return [meaning(pms, result), ...(said === '' ? [] : [`It says: ${said}`]), ...(advice === undefined ? [] : [advice])].join(
    ' ',
  );
}

function meaning({ title }: PmsDefinition, { verdict, status, reason, evidence }: CallResult): string {
  const code = status === null ? '' : ` (${status})`;
  const why = reason === null ? '' : `: ${reason}`;
  switch (verdict) {
    case 'done':
      return `${title} carried it out${code}.`;
    case 'not_sent':
      return `${title} could not be reached${code}${why}. Nothing was sent.`;
    case 'unauthorized':
      return `${title} did not accept the credentials of this integration${code}.`;
    case 'slow_down':
      return evidence === 'A'
        ? `${title} must not be called just now${why}. Nothing was sent.`
        : `${title} asks for fewer calls${code}. Nothing was done.`;
    case 'later':
      return evidence === 'A'
        ? `${title} could not be called${code}${why}. Nothing was sent.`
        : `${title} can't do this now${code}. Nothing was done.`;
    case 'unclear':
      return `${title} gave no clear answer${code}${why}. The write may or may not have happened.`;
    case 'refused':
      return refusal(title, status);
  }
}

/** What the statuses of a refusal usually mean. */
const REFUSALS: Readonly<Record<number, (title: string) => string>> = {
  403: (title) => `The credentials of this integration lack the right to do this in ${title} (403).`,
  404: (title) => `${title} does not know the record, or one that it refers to (404).`,
  409: (title) => `The current state of the record in ${title} does not allow this (409).`,
  412: (title) => `${title} wants a person to confirm this (412).`,
};

function refusal(title: string, status: number | null): string {
  if (status !== null && isRedirect(status))
    return `${title} is not at the address of this integration: it answered with a redirect (${status}), which is never followed.`;
  return REFUSALS[status ?? 0]?.(title) ?? `${title} refused the write (${status}).`;
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Whether a refused write may be accepted later, once somebody has changed something at the PMS or at the integration. */
export const mayHeal = (status: number | null): boolean =>
  status !== null && (isRedirect(status) || [403, 404, 409, 412].includes(status));

function whatThePmsSaid(capability: Capability, { error }: CallResult, values: Readonly<Record<string, unknown>>): string {
  const fields = error.fields.map(({ remote, message }) => {
    const ours = ourNameOf(capability, remote);
    const name = ours === undefined ? remote : `${ours} (${remote})`;
    return `${name}: ${message}`;
  });
  return redact([error.message, ...fields].filter(Boolean).join(' '), values);
}

/** The unified field that lands at a remote name, if it is one of ours. */
function ourNameOf(capability: Capability, remote: string): string | undefined {
  const wanted = remote.toLowerCase();
  return Object.entries(capability.fields).find(([, mapping]) => landingOf(mapping)?.toLowerCase() === wanted)?.[0];
}

/** An attempt as the ledger keeps it. */
export function attemptReport(
  step: string,
  startedAt: Date,
  endedAt: Date,
  result: CallResult,
  message: string | null,
): AttemptReport {
  return {
    step,
    started_at: startedAt.toISOString(),
    ended_at: endedAt.toISOString(),
    evidence: result.evidence,
    pms_status: result.status,
    message,
  };
}
