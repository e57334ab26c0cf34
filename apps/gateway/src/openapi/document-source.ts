import { Injectable } from '@nestjs/common';
import { describeApi, describeModel, MessageBus } from '#messaging';
import { RouteTable } from '../http/route-table.ts';
import { documentOf } from './document.ts';

/** Another version of the router may tell something else: for so long the document is kept, in milliseconds. */
const KEPT_FOR_MS = 60_000;

/** The API's description as bytes: made at the first request, kept for a minute. A failure to make it is not kept. */
@Injectable()
export class DocumentSource {
  private kept: { readonly bytes: Promise<Buffer>; readonly until: number } | undefined;

  constructor(
    private readonly bus: MessageBus,
    private readonly routes: RouteTable,
  ) {}

  /** @throws Problem `unavailable` when the router does not tell */
  read(): Promise<Buffer> {
    if (this.kept && this.kept.until > Date.now()) return this.kept.bytes;
    const bytes = this.make();
    const entry = { bytes, until: Date.now() + KEPT_FOR_MS };
    this.kept = entry;
    bytes.catch(() => {
      if (this.kept === entry) this.kept = undefined;
    });
    return bytes;
  }

  private async make(): Promise<Buffer> {
    const api = await this.bus.request(describeApi, {});
    const models = await Promise.all(api.models.map((model) => this.bus.request(describeModel, { model })));
    return Buffer.from(JSON.stringify(documentOf(this.routes.described(), api, models)));
  }
}
