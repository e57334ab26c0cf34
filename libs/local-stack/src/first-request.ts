/**
 * A first request that really works: an update of a record that exists, tried as a dry run before it is shown. What a PMS lets one
 * change differs, so a few harmless changes are offered until one is accepted.
 */
import { callApi, listed } from './api.ts';
import { text } from './files.ts';
import { SAMPLE_RECORDS } from './provision.ts';

/** A request that the gateway would accept now. */
export interface FirstRequest {
  readonly url: string;
  readonly body: Readonly<Record<string, string>>;
}

const CHANGES: readonly Readonly<Record<string, string>>[] = [
  { phone_1: '+15125550142' },
  { email_1: 'first.request@example.com' },
  { first_name: 'Robin' },
];

/** @returns undefined when there is no record, or none of the changes is accepted anywhere */
export async function findFirstRequest(
  gatewayUrl: string,
  key: string,
  integrationIds: readonly string[],
): Promise<FirstRequest | undefined> {
  for (const integration of integrationIds) {
    const found = await callApi({ url: `${gatewayUrl}/v1/${SAMPLE_RECORDS}/?integration_id=${integration}&limit=1`, key });
    const id = text(listed(found)[0]?.id);
    if (!id) continue;
    const url = `${gatewayUrl}/v1/${SAMPLE_RECORDS}/${id}`;
    for (const body of CHANGES) {
      const { status } = await callApi({ url: `${url}?dry_run=true`, key, method: 'PUT', body });
      if (status === 200) return { url, body };
    }
  }
  return undefined;
}
