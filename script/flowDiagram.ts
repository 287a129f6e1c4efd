import { at, type Json, listAt, objectAt, textAt } from "../src/connector/json.ts";
import { entries } from "../src/connector/lint/connector.ts";

/** How a card looks: what the designer shows of an action. */
type Card = {
  readonly name: string;
  readonly note: string;
  readonly color: string;
  /** Named branches; a step without any has none. */
  readonly branches: readonly { readonly name: string; readonly cards: readonly Card[] }[];
};

const width = 760;
const cardHeight = 46;
const gap = 10;
const indent = 26;
const heading = 20;

/** A flow as the designer shows it: its steps from top to bottom, what is inside a step inside its card. As SVG. */
export function flowDiagram(definition: Json, title: string): string {
  const cards = cardsOf(at(definition, "actions"));
  const drawn: string[] = [];
  const height = draw(drawn, cards, { x: 16, y: 48, width: width - 32 }) + 6;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The steps of the flow">
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#ffffff" stroke="#d1d9e0"/>
<g font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="13" fill="#1f2328">
<text x="16" y="30" font-size="15" font-weight="600">${escaped(title)}</text>
${drawn.join("\n")}
</g>
</svg>
`;
}

type Place = { readonly x: number; readonly y: number; readonly width: number };

/** Draws cards below each other; gives where the next one would begin. */
function draw(drawn: string[], cards: readonly Card[], place: Place): number {
  let { y } = place;
  for (const card of cards) {
    const inner: string[] = [];
    let end = y + cardHeight;
    for (const { name, cards: inside } of card.branches) {
      inner.push(
        `<text x="${place.x + indent}" y="${end + 12}" font-size="12" fill="#59636e">${escaped(name)}</text>`,
      );
      end = draw(inner, inside, { x: place.x + indent, y: end + heading, width: place.width - 2 * indent });
    }
    const height = end - y + (card.branches.length > 0 ? 4 : 0);
    drawn.push(
      `<rect x="${place.x}" y="${y}" width="${place.width}" height="${height}" rx="6" fill="#f6f8fa" stroke="#d1d9e0"/>`,
      `<rect x="${place.x}" y="${y}" width="6" height="${height}" rx="3" fill="${card.color}"/>`,
      `<text x="${place.x + 16}" y="${y + 20}" font-weight="600">${escaped(card.name)}</text>`,
      `<text x="${place.x + 16}" y="${y + 37}" font-size="12" fill="#59636e">${escaped(card.note)}</text>`,
      ...inner,
    );
    y += height + gap;
  }
  return y;
}

const colors: Readonly<Record<string, string>> = {
  OpenApiConnection: "#0f5c7a",
  Foreach: "#486991",
  If: "#484f58",
  Terminate: "#cf222e",
  Wait: "#8250df",
};

function cardsOf(actions: Json | undefined): readonly Card[] {
  return entries(actions).map(([name, action]) => {
    const type = textAt(action, "type") ?? "";
    const own = cardsOf(at(action, "actions"));
    const otherwise = cardsOf(at(action, "else", "actions"));
    const branches =
      type === "If" ? [named("If yes", own), named("If no", otherwise)] : [named("For each row", own)];
    return {
      name: name.replaceAll("_", " "),
      note: [noteOf(action, type), afterOf(action)].filter(text => text !== "").join(" · "),
      color: colors[type] ?? "#1f883d",
      branches: branches.filter(({ cards }) => cards.length > 0),
    };
  });
}

function named(name: string, cards: readonly Card[]) {
  return { name, cards };
}

function noteOf(action: Json, type: string): string {
  switch (type) {
    case "OpenApiConnection":
      return textAt(action, "inputs", "host", "operationId") === "GetItems"
        ? "Excel Online (Business): List rows present in a table, all pages"
        : `Entra phone methods: ${textAt(action, "inputs", "host", "operationId")}`;
    case "Foreach":
      return `Apply to each, ${String(at(action, "runtimeConfiguration", "concurrency", "repetitions"))} at once`;
    case "Query":
      return "Filter array";
    case "Wait":
      return `Delay, ${String(at(action, "inputs", "interval", "count"))} seconds`;
    case "If":
      return "Condition";
    default:
      return type;
  }
}

/** When it runs, where that is not simply after a success. */
function afterOf(action: Json): string {
  const states = new Set(
    entries(objectAt(action, "runAfter")).flatMap(([name]) => listAt(action, "runAfter", name)),
  );
  const unusual = [...states].map(String).filter(state => state !== "Succeeded");
  if (unusual.length === 0) return "";
  const when = states.has("Succeeded")
    ? "runs whatever came before"
    : `runs only after ${unusual.map(said).join(" or ")}`;
  return when;
}

function said(state: string): string {
  return state === "TimedOut" ? "a timeout" : state === "Failed" ? "a failure" : state.toLowerCase();
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
