import { defineCapability, lacks, noFieldsOf } from '#capabilities';
import { Lead } from '#models/lead';

const NONE = "Buildium's API has no leads; applicants are the nearest thing to them.";

export const leads = defineCapability(Lead, {
  source: 'https://developer.buildium.com: no operation is about leads or prospects.',
  fields: noFieldsOf(Lead, NONE),
  create: lacks(NONE),
  update: lacks(NONE),
  reads: lacks(NONE),
});
