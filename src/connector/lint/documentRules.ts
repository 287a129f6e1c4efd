import { at, below, isObject, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { entries, root } from "./connector.ts";
import { type Level, type Problem, type Rule, sources } from "./finding.ts";
import { endsAlphanumeric, productNames } from "./texts.ts";

/** Rules of the document's head: info, host, media types, metadata. */
export const documentRules: readonly Rule[] = [
  onDocument("SpecificationVersionIncorrect", "error", sources.validator, function* (definition) {
    if (definition.swagger !== "2.0")
      yield problem(["swagger"], 'Only OpenAPI 2.0 is read: swagger must be "2.0".');
  }),
  onDocument("TitleMissing", "error", sources.paconn, function* (definition) {
    if (!textAt(definition, "info", "title")) yield problem(["info", "title"], "The connector has no title.");
  }),
  onTitle("TitleTooLong", sources.submission, title =>
    title.length > 30 ? `The title has ${title.length} characters; at most 30 are shown.` : undefined,
  ),
  onTitle("TitleHasRestrictedWords", sources.validator, title => {
    const found = /\b(API|Connector)\b/i.exec(title) ?? productNames.exec(title);
    return found ? `The title must not hold the word ${found[0]}.` : undefined;
  }),
  onTitle("TitleMustEndWithAlphanumeric", sources.validator, title =>
    endsAlphanumeric(title) ? undefined : "The title must end with a letter or a digit.",
  ),
  onDocument("DescriptionMissing", "error", sources.paconn, function* (definition) {
    if (!textAt(definition, "info", "description")) {
      yield problem(["info", "description"], "The connector has no description; paconn stops without one.");
    }
  }),
  onDocument("DescriptionLength", "certification", sources.submission, function* (definition) {
    const length = textAt(definition, "info", "description")?.length ?? 30;
    if (length < 30 || length > 500) {
      yield problem(
        ["info", "description"],
        `The description has ${length} characters; 30 to 500 are asked for.`,
      );
    }
  }),
  onDocument("DescriptionHasRestrictedWords", "certification", sources.strings, function* (definition) {
    const description = textAt(definition, "info", "description") ?? "";
    const found = /\bAPI\b/.exec(description) ?? productNames.exec(description);
    if (found) yield problem(["info", "description"], `The description must not hold the word ${found[0]}.`);
  }),
  onDocument("ContactIncomplete", "certification", sources.submission, function* (definition) {
    const missing = ["name", "url", "email"].filter(name => !textAt(definition, "info", "contact", name));
    if (missing.length > 0) {
      yield problem(["info", "contact"], `The contact has no ${missing.join(", ")}.`);
    }
  }),
  onDocument("ContactEmailNotValid", "certification", sources.validator, function* (definition) {
    const email = textAt(definition, "info", "contact", "email");
    if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) {
      yield problem(["info", "contact", "email"], "The contact's e-mail address is not valid.");
    }
  }),
  onDocument("ContactToFillIn", "advice", sources.practice, function* (definition) {
    if (/@example\.(com|org|net)$/.test(textAt(definition, "info", "contact", "email") ?? "")) {
      yield problem(["info", "contact", "email"], "The contact's e-mail address is still to be filled in.");
    }
  }),
  onDocument("UrlNotValid", "certification", sources.validator, function* (definition) {
    const url = textAt(definition, "info", "contact", "url");
    if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url))) {
      yield problem(
        ["info", "contact", "url"],
        "The contact's address must be an absolute http or https URL.",
      );
    }
  }),
  onDocument("HostNameNotValid", "error", sources.validator, function* (definition) {
    const host = textAt(definition, "host");
    if (host === undefined || !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d+)?$/.test(host)) {
      yield problem(["host"], "host must be a host name, without scheme and path.");
    }
  }),
  onDocument("BasePathNotValid", "error", sources.validator, function* (definition) {
    const base = at(definition, "basePath");
    if (base !== undefined && (typeof base !== "string" || !base.startsWith("/"))) {
      yield problem(["basePath"], "basePath must begin with /.");
    }
  }),
  onDocument("SchemesNotValid", "certification", sources.validator, function* (definition) {
    const schemes = listAt(definition, "schemes");
    if (schemes.length === 0 || schemes.some(each => each !== "https" && each !== "http")) {
      yield problem(["schemes"], "schemes must name https or http.");
    }
  }),
  onDocument("ConsumesMissing", "certification", sources.validator, function* (definition) {
    if (listAt(definition, "consumes").length === 0) {
      yield problem(["consumes"], "consumes must name the media types that are sent.");
    }
  }),
  onDocument("MediaTypeNotSupported", "certification", sources.validator, function* (definition) {
    for (const list of ["consumes", "produces"]) {
      for (const [index, type] of listAt(definition, list).entries()) {
        if (!mediaTypes.includes(String(type).split(";")[0]?.trim().toLowerCase() ?? "")) {
          yield problem([list, String(index)], `${String(type)} is not one of ${mediaTypes.join(", ")}.`);
        }
      }
    }
  }),
  onDocument("EmptySection", "certification", sources.submission, function* (definition) {
    for (const [name, value] of entries(definition)) {
      const empty = Array.isArray(value)
        ? value.length === 0
        : isObject(value) && entries(value).length === 0;
      if (empty && name !== "consumes") yield problem([name], `${name} is empty; leave it out.`);
    }
  }),
  onDocument("TagsPresent", "advice", sources.practice, function* (definition) {
    const names = listAt(definition, "tags").map(tag => textAt(tag, "name"));
    if (new Set(names).size < names.length) yield problem(["tags"], "Two tags have the same name.");
  }),
  onDocument("MetadataMissing", "certification", sources.submission, function* (definition) {
    const known = metadata(definition).map(({ name }) => name);
    const missing = ["Website", "Privacy policy", "Categories"].filter(name => !known.includes(name));
    if (missing.length > 0) {
      yield problem(
        ["x-ms-connector-metadata"],
        `x-ms-connector-metadata does not say ${missing.join(", ")}.`,
      );
    }
  }),
  onDocument("CategoryNotValid", "certification", sources.submission, function* (definition) {
    const given = metadata(definition).find(({ name }) => name === "Categories")?.value;
    if (given === undefined) return;
    const names = given.split(";").map(name => name.trim());
    const unknown = names.filter(name => !categories.includes(name));
    if (unknown.length > 0) {
      yield problem(["x-ms-connector-metadata"], `${unknown.join(", ")} is not one of the categories.`);
    }
    if (names.length > 2) yield problem(["x-ms-connector-metadata"], "At most two categories are allowed.");
  }),
  onDocument("SectionOrder", "advice", sources.coding, function* (definition) {
    const given = Object.keys(definition).filter(name => sectionOrder.includes(name));
    const wanted = given.toSorted((left, right) => sectionOrder.indexOf(left) - sectionOrder.indexOf(right));
    const wrong = given.findIndex((name, index) => name !== wanted[index]);
    if (wrong !== -1) {
      yield problem(
        [given[wrong] ?? ""],
        `The sections stand in another order than ${sectionOrder.join(", ")}.`,
      );
    }
  }),
  onDocument("DoubleSpaces", "advice", sources.strings, function* (definition) {
    yield* doubleSpaces(definition, root);
  }),
];

const mediaTypes = [
  "application/json",
  "text/plain",
  "multipart/form-data",
  "application/x-www-form-urlencoded",
];

const sectionOrder = [
  "swagger",
  "info",
  "host",
  "basePath",
  "schemes",
  "consumes",
  "produces",
  "paths",
  "definitions",
  "parameters",
  "responses",
  "securityDefinitions",
  "security",
  "tags",
];

const categories = [
  "AI",
  "Business Intelligence",
  "Business Management",
  "Collaboration",
  "Commerce",
  "Communication",
  "Content and Files",
  "Data",
  "Finance",
  "Human Resources",
  "Internet of Things",
  "IT Operations",
  "Lifestyle and Entertainment",
  "Marketing",
  "Productivity",
  "Sales and CRM",
  "Security",
  "Social Media",
  "Website",
];

function onDocument(
  id: string,
  level: Level,
  source: string,
  find: (definition: JsonObject) => Iterable<Problem>,
): Rule {
  return { id, level, source, find: ({ definition }) => (definition === undefined ? [] : find(definition)) };
}

function onTitle(id: string, source: string, judge: (title: string) => string | undefined): Rule {
  return onDocument(id, "certification", source, function* (definition) {
    const title = textAt(definition, "info", "title");
    const message = title ? judge(title) : undefined;
    if (message !== undefined) yield problem(["info", "title"], message);
  });
}

function problem(path: readonly string[], message: string): Problem {
  return { where: below(root, ...path), message };
}

function metadata(definition: JsonObject) {
  return listAt(definition, "x-ms-connector-metadata").flatMap(each => {
    const name = textAt(each, "propertyName");
    const value = textAt(each, "propertyValue");
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
}

/** Texts of operations, parameters and properties; examples and patterns are left alone. */
function* doubleSpaces(holder: JsonObject, where: string): Generator<Problem> {
  const open: { value: JsonObject; where: string }[] = [{ value: holder, where }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, value] of entries(next.value)) {
      const place = below(next.where, name);
      if (typeof value === "string" && /^(summary|description|title|x-ms-summary)$/.test(name)) {
        if (/\S {2,}\S/.test(value)) yield { where: place, message: "The text holds two spaces in a row." };
      } else if (isObject(value)) {
        open.push({ value, where: place });
      } else if (Array.isArray(value)) {
        for (const index of value.keys()) {
          const each = objectAt({ each: value[index] ?? null }, "each");
          if (each !== undefined) open.push({ value: each, where: below(place, index) });
        }
      }
    }
  }
}
