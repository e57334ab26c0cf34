import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Answers, describeApi, describeModel, type DescribedApi, type DescribedModel } from '#messaging';
import type { Catalog } from '#service-kit';
import { CATALOG, modelNamed } from '../catalog.ts';
import { ADMINISTRATION_SCHEMAS } from './administration-schemas.ts';
import { describe } from './model-description.ts';

/** Tells the gateway what its routes stand for: the gateway knows their forms, the router the names and the fields. */
@Controller()
export class DescriptionController {
  /** The catalog never changes while we run, and a wide model takes some 100 ms. */
  private readonly known = new Map<string, DescribedModel>();

  constructor(@Inject(CATALOG) private readonly catalog: Catalog) {}

  @Answers(describeApi)
  describeApi(): DescribedApi {
    return { models: [...this.catalog.models.keys()], schemas: ADMINISTRATION_SCHEMAS };
  }

  @Answers(describeModel)
  describeModel(@Payload() { model }: { model: string }): DescribedModel {
    const described = this.known.get(model) ?? describe(this.catalog, modelNamed(this.catalog, model));
    this.known.set(model, described);
    return described;
  }
}
