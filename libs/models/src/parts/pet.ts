import { Decimal, Flag, Json, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** An animal that lives, or is to live, in the unit. */
export class Pet extends EmbeddedRecord {
  @Text({ description: 'What sort of animal it is.', example: 'Dog', maxLength: 255, required: true })
  type?: string | null;

  @Text({ description: 'What it is called.', example: 'Biscuit', maxLength: 255 })
  name?: string | null;

  @Text({ description: 'Its breed.', example: 'Beagle', maxLength: 255 })
  breed?: string | null;

  @Text({ description: 'Colour of its coat.', example: 'Brown', maxLength: 255 })
  color?: string | null;

  @Text({ description: 'MALE, FEMALE or UNSPECIFIED; some PMSs take other words.', example: 'FEMALE', maxLength: 40 })
  gender?: string | null;

  @Decimal({ description: 'Age in years.', example: 4, minimum: 0, maximum: 200 })
  age_in_years?: number | null;

  @Decimal({ description: 'Weight in pounds.', example: 24.5, minimum: 0, maximum: 10_000 })
  weight_in_pounds?: number | null;

  @Flag({ description: 'Whether it is spayed or neutered.', example: true })
  is_fixed?: boolean | null;

  @Flag({ description: 'Whether it is declawed.', example: false })
  is_declawed?: boolean | null;

  @Flag({ description: 'Whether it is vaccinated.', example: true })
  is_vaccinated?: boolean | null;

  @Flag({ description: 'Whether it is house-trained.', example: true })
  is_trained?: boolean | null;

  @Flag({ description: 'Whether it is a service animal.', example: false })
  is_service_animal?: boolean | null;

  @Text({ description: 'The gender in the words of the PMS.', example: 'F', readOnly: true })
  gender_raw?: string | null;

  @Text({ description: 'What the PMS has noted about it.', example: 'Friendly.', readOnly: true })
  notes?: string | null;

  @Json({ description: 'Values about the animal that only this PMS has.', example: { Tag: 'A-12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;

  static readonly example = { type: 'Dog', name: 'Biscuit', breed: 'Beagle', age_in_years: 4, weight_in_pounds: 24.5 };
}
