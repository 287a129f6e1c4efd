import { type ConnectorFiles, fileNames, parse } from "./connector.ts";
import { type Problem, type Rule, sources } from "./finding.ts";

const mostBytes = 1_048_576;

/** Rules of the files as files. */
export const fileRules: readonly Rule[] = [
  {
    id: "FileMissing",
    level: "error",
    source: sources.paconn,
    *find({ files }) {
      for (const { name, text } of jsonFiles(files)) {
        if (text === undefined) yield { where: name, message: `There is no ${name}.` };
      }
    },
  },
  {
    id: "FileNotJson",
    level: "error",
    source: sources.paconn,
    *find({ files }) {
      for (const { name, text } of jsonFiles(files)) {
        const why = text === undefined ? undefined : whyNotJson(text);
        if (why !== undefined) yield { where: name, message: `The file is not a JSON object: ${why}.` };
      }
    },
  },
  {
    id: "FileTooLarge",
    level: "error",
    source: sources.portal,
    *find({ files }) {
      const bytes = Buffer.byteLength(files.definition ?? "");
      if (bytes >= mostBytes) {
        yield { where: fileNames.definition, message: `The file has ${bytes} bytes; the limit is 1 MB.` };
      }
    },
  },
  {
    id: "ByteOrderMark",
    level: "advice",
    source: sources.paconn,
    *find({ files }) {
      for (const { name, text } of jsonFiles(files)) {
        if (text?.startsWith("\ufeff")) {
          yield {
            where: name,
            message: "The file begins with a byte order mark; paconn create cannot read it.",
          };
        }
      }
    },
  },
  {
    id: "NotAscii",
    level: "advice",
    source: sources.paconn,
    *find({ files }) {
      for (const { name, text } of jsonFiles(files)) {
        const odd = /[^\p{ASCII}\ufeff]/u.exec(text ?? "");
        if (odd) {
          yield {
            where: name,
            message: `The file holds a character beyond ASCII (${codeOf(odd[0])}); paconn reads it in the machine's own encoding. Write it as \\u.`,
          };
        }
      }
    },
  },
  {
    id: "Indentation",
    level: "advice",
    source: sources.coding,
    *find({ files }) {
      for (const { name, text } of jsonFiles(files)) {
        if (text !== undefined) yield* layout(name, text);
      }
    },
  },
  {
    id: "ReadmeMissing",
    level: "certification",
    source: sources.templates,
    *find({ files }) {
      if (files.readme === undefined) yield { where: fileNames.readme, message: "There is no README.md." };
    },
  },
  {
    id: "ReadmeHeadingMissing",
    level: "certification",
    source: sources.templates,
    *find({ files }) {
      if (files.readme === undefined) return;
      const headings = [...files.readme.matchAll(/^#+\s*(.+)$/gm)].map(match => match[1] ?? "");
      const missing = readmeHeadings.filter(
        wanted => !headings.some(heading => heading.toLowerCase().includes(wanted.toLowerCase())),
      );
      if (missing.length > 0) {
        yield { where: fileNames.readme, message: `The headings ${missing.join(", ")} are missing.` };
      }
    },
  },
  {
    id: "ReadmeOfAnotherConnector",
    level: "advice",
    source: sources.practice,
    *find({ files }) {
      for (const name of sampleNames) {
        const times = (files.readme ?? "").split(name).length - 1;
        if (times > 0 && !(files.definition ?? "").includes(name)) {
          yield {
            where: fileNames.readme,
            message: `The text speaks of ${name} (${times} times), which the connector does not: it was copied from a sample.`,
          };
        }
      }
    },
  },
  {
    id: "ScriptTooLarge",
    level: "error",
    source: sources.code,
    *find({ files }) {
      if (Buffer.byteLength(files.script ?? "") >= mostBytes) {
        yield { where: fileNames.script, message: "The script is larger than 1 MB." };
      }
    },
  },
  {
    id: "ScriptClassMissing",
    level: "error",
    source: sources.code,
    *find({ files: { script } }) {
      if (script !== undefined && !/\bclass\s+Script\s*:\s*ScriptBase\b/.test(script)) {
        yield { where: fileNames.script, message: "The script has no class Script : ScriptBase." };
      }
    },
  },
];

const readmeHeadings = [
  "Publisher",
  "Prerequisites",
  "Supported Operations",
  "Obtaining Credentials",
  "Getting Started",
  "Known Issues",
  "Deployment Instructions",
];

/** Services of Microsoft's own sample connectors, whose README files are copied. */
const sampleNames = ["Azure Key Vault", "Azure Key-Vault", "Azure Data Lake", "Event Hubs"];

function jsonFiles({ definition, properties }: ConnectorFiles) {
  return [
    { name: fileNames.definition, text: definition },
    { name: fileNames.properties, text: properties },
  ];
}

function whyNotJson(text: string): string | undefined {
  try {
    const value = parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? undefined
      : "it is another value";
  } catch (error) {
    // The parser quotes what it met, and that may be a secret.
    const said = error instanceof Error ? error.message : String(error);
    return said.replace(/,? (?:\.\.\.)?".*$/s, "").replace(/ token .*$/s, " token");
  }
}

function* layout(name: string, text: string): Generator<Problem> {
  const lines = text.split(/\r?\n/);
  const tab = lines.findIndex(line => /^ *\t/.test(line));
  if (tab !== -1) yield { where: name, message: `Line ${tab + 1} is indented with a tab; use four spaces.` };
  const trailing = lines.findIndex(line => /[^\s][ \t]+$/.test(line));
  if (trailing !== -1) yield { where: name, message: `Line ${trailing + 1} ends with spaces.` };
  const first = lines.find(line => /^ +\S/.test(line));
  if (first !== undefined && first.search(/\S/) !== 4) {
    yield { where: name, message: `The file is indented by ${first.search(/\S/)} spaces; use four.` };
  }
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
