// As much of schema.org (release 29) as the server uses: for each type the properties it may have,
// its own and those of the types above it.
export const schema = "https://schema.org/";

const thing = ["description", "identifier", "name", "subjectOf", "url"];
const creativeWork = [
  ...thing,
  ...["about", "author", "datePublished", "inLanguage", "isPartOf", "keywords", "locationCreated"],
  ...["mentions", "position", "publisher", "text"],
];
const event = [
  ...thing,
  ...["about", "endDate", "keywords", "location", "startDate", "superEvent"],
];

export const vocabulary = {
  Claim: [...creativeWork, "appearance"],
  Country: [...thing, "address"],
  CreativeWork: creativeWork,
  DefinedTerm: thing,
  Event: event,
  EventSeries: event,
  MonetaryAmount: [...thing, "currency", "maxValue", "minValue", "value"],
  Occupation: [...thing, "occupationLocation"],
  Person: [...thing, "hasOccupation", "jobTitle", "performerIn"],
  Place: [...thing, "address"],
  PostalAddress: [...thing, "addressCountry", "addressLocality", "addressRegion"],
  Project: [...thing, "founder"],
};

// Every node of an expanded document, those inside others too; a mere reference to one is none.
export function nodesOf(value) {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (value === null || typeof value !== "object" || "@value" in value) return [];
  const inside = Object.entries(value)
    .filter(([key]) => !key.startsWith("@") || ["@graph", "@included", "@reverse"].includes(key))
    .flatMap(([, members]) => nodesOf(members));
  const isReference = Object.keys(value).length === 1 && "@id" in value;
  return isReference ? inside : [value, ...inside];
}
