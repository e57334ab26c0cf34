import { companionOf } from '#models';
import { landingOf, type AttemptReport, type Capability, type PmsDefinition } from '#capabilities';
import type { CallResult } from './client.ts';
import { redact } from './redact.ts';

/** What a result means for a developer who has never seen this PMS: one sentence, with the PMS's own words redacted. */
export function inWords(
  pms: PmsDefinition,
  capability: Capability,
  result: CallResult,
  values: Readonly<Record<string, unknown>>,
): string {
  const said = whatThePmsSaid(capability, result, values);
  return `${meaning(pms, result)}${said === '' ? '' : ` It says: ${said}`}`;
}

function meaning({ title }: PmsDefinition, { verdict, status, reason }: CallResult): string {
  const code = status === null ? '' : ` (${status})`;
  if (verdict === 'done') return `${title} carried it out${code}.`;
  if (verdict === 'not_sent') return `${title} could not be reached: ${reason ?? 'unknown'}. Nothing was sent.`;
  if (verdict === 'unauthorized') return `${title} did not accept the credentials of this integration${code}.`;
  if (verdict === 'slow_down') return `${title} asks for fewer calls${code}. Nothing was done.`;
  if (verdict === 'later') return `${title} can't do this now${code}. Nothing was done.`;
  if (verdict === 'unclear')
    return `${title} gave no clear answer${code}${reason ? `: ${reason}` : ''}. The write may or may not have happened.`;
  return REFUSALS[status ?? 0]?.(title) ?? `${title} refused the write${code}.`;
}

/** What the statuses of a refusal usually mean. */
const REFUSALS: Readonly<Record<number, (title: string) => string>> = {
  403: (title) => `The credentials of this integration lack the right to do this in ${title} (403).`,
  404: (title) => `${title} does not know the record, or one that it refers to (404).`,
  409: (title) => `The current state of the record in ${title} does not allow this (409).`,
  412: (title) => `${title} wants a person to confirm this (412).`,
};

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

/** The fields that a caller wanted, as a decoded record would show them: references under their companion name, as the PMS's ids. */
export function wantedFields(
  values: Readonly<Record<string, unknown>>,
  references: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) =>
      references[name] === undefined ? [name, value] : [companionOf(name), references[name]],
    ),
  );
}
