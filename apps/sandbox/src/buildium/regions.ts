/** States and provinces, by name and by postal abbreviation: the two countries for which the vendor checks the state. */
const unitedStates = `
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, FL Florida,
GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine,
MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska,
NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio,
OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas,
UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming, DC District of Columbia,
AS American Samoa, GU Guam, MP Northern Mariana Islands, PR Puerto Rico, VI Virgin Islands`;

const canada = `
AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia,
NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon`;

const namesIn = (list: string): ReadonlySet<string> =>
  new Set(
    list.split(',').flatMap((entry) => {
      const [abbreviation = '', ...name] = entry.trim().toLowerCase().split(/\s+/);
      return [abbreviation, name.join(' ')];
    }),
  );

const regions: Readonly<Record<string, ReadonlySet<string>>> = {
  UnitedStates: namesIn(unitedStates),
  Canada: namesIn(canada),
};

/** Whether `state` may stand in an address of `country`; true for every country but the two that are checked. */
export function isRegionOf(country: string, state: string | null | undefined): boolean {
  const known = regions[country];
  return known === undefined || known.has((state ?? '').trim().toLowerCase());
}
