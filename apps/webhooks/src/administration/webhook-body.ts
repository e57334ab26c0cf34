/** What a caller may say about a webhook, when it is made and when it is changed, and what is wrong with it. */
import { isTrigger, TRIGGERS, WEBHOOK_LIMITS } from '#messaging';
import { Flag, ListOf, Text, TextList } from '#models';
import type { Issue } from '#problem';
import { faultOfPublicUrl, URL_LENGTH } from '#public-address';

/** A header that is sent along. */
export class WebhookHeader {
  @Text({ description: 'Its name.', example: 'x-tenant', maxLength: 100, required: true })
  header!: string;

  @Text({ description: 'Its value.', example: 'elm-street', maxLength: WEBHOOK_LIMITS.headerValue, required: true })
  value!: string;
}

export class WebhookBody {
  @Text({ description: 'Where messages are sent.', example: 'https://example.com/hooks', maxLength: URL_LENGTH })
  url!: string;

  @TextList({ description: 'What it is told of.', example: ['WRITE_OPERATION_FAILURE'] })
  triggers!: string[];

  @Text({ description: 'The model that DATA triggers are about.', example: 'leases', maxLength: 64 })
  model!: string;

  @ListOf(() => WebhookHeader, { description: 'Sent along with each message.', example: [{ header: 'x-tenant', value: 'elm' }] })
  headers!: WebhookHeader[];

  @Text({ description: 'What messages are signed with.', example: 'a secret of yours', maxLength: WEBHOOK_LIMITS.secret.max })
  secret!: string;

  @Flag({ description: 'Whether messages are sent.', example: true })
  active!: boolean;

  @Flag({ description: 'Whether the published signature header is sent, too.', example: true })
  legacy_signature!: boolean;
}

export type SentWebhook = Partial<WebhookBody>;

/** Headers that are ours, or that say how a message travels. */
const OURS =
  /^(webhook-.*|propexo-signature|content-.*|user-agent|host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|accept-encoding)$/i;
const HEADER_NAME = new RegExp(WEBHOOK_LIMITS.headerName);
const HEADER_TEXT = new RegExp(WEBHOOK_LIMITS.headerText);
const SECRET_TEXT = new RegExp(WEBHOOK_LIMITS.secretText);

/** @param models their paths; @param allow see faultOfPublicUrl */
export function faultsOfWebhook(sent: SentWebhook, models: ReadonlyMap<string, unknown>, allow: readonly string[]): Issue[] {
  const { url, triggers, model, headers, secret } = sent;
  return [
    ...(url === undefined ? [] : faultsOfUrl(url, allow)),
    ...(triggers === undefined ? [] : faultsOfTriggers(triggers)),
    ...(model === undefined || models.has(pathOf(model))
      ? []
      : [issue('/model', 'invalid_enum_value', `${'model'} must be a model of Latchkey.`)]),
    ...(headers === undefined ? [] : faultsOfHeaders(headers)),
    ...(secret === undefined ? [] : faultsOfSecret(secret)),
  ];
}

/** What must be there on a new one. */
export function missingIn({ url, triggers }: SentWebhook): Issue[] {
  return [
    ...(url === undefined ? [issue('/url', 'required', 'url must say where messages are sent.')] : []),
    ...(triggers === undefined ? [issue('/triggers', 'required', 'triggers must say what it is told of.')] : []),
  ];
}

/** Published names of models have underscores where paths have hyphens. */
export const pathOf = (model: string): string => model.replaceAll('_', '-');

const issue = (pointer: string, code: Issue['code'], detail: string): Issue => ({ pointer, code, detail });

function faultsOfUrl(url: string, allow: readonly string[]): Issue[] {
  const fault = faultOfPublicUrl(url, allow) ?? (new URL(url).hash === '' ? undefined : 'must end before any #.');
  return fault === undefined ? [] : [issue('/url', 'invalid_value', `url ${fault}`)];
}

function faultsOfTriggers(triggers: readonly string[]): Issue[] {
  if (triggers.length > 0 && triggers.every(isTrigger)) return [];
  return [issue('/triggers', 'invalid_enum_value', `triggers must hold one or more of ${Object.keys(TRIGGERS).join(', ')}.`)];
}

function faultsOfHeaders(headers: readonly WebhookHeader[]): Issue[] {
  if (headers.length > WEBHOOK_LIMITS.headers)
    return [issue('/headers', 'too_long', `headers must hold at most ${WEBHOOK_LIMITS.headers}.`)];
  const seen = new Set<string>();
  return headers.flatMap(({ header, value }, at) => {
    const issues: Issue[] = [];
    if (!HEADER_NAME.test(header))
      issues.push(issue(`/headers/${at}/header`, 'invalid_format', 'header must be the name of a header.'));
    else if (OURS.test(header)) issues.push(issue(`/headers/${at}/header`, 'conflict', `${header} is not yours to set.`));
    else if (seen.has(header.toLowerCase())) issues.push(issue(`/headers/${at}/header`, 'conflict', `${header} stands twice.`));
    if (!HEADER_TEXT.test(value)) issues.push(issue(`/headers/${at}/value`, 'invalid_format', 'value must be visible ASCII.'));
    seen.add(header.toLowerCase());
    return issues;
  });
}

function faultsOfSecret(secret: string): Issue[] {
  const { min } = WEBHOOK_LIMITS.secret;
  if (secret.length < min) return [issue('/secret', 'too_short', `secret must have at least ${min} characters.`)];
  return SECRET_TEXT.test(secret) ? [] : [issue('/secret', 'invalid_format', 'secret must be visible ASCII without blanks.')];
}
