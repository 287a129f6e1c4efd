import type { Tenant } from "../model/user.ts";
import { type Paint, painter, type Tone } from "./paint.ts";
import { displayWidth, plainText, wrap } from "./plainText.ts";

/** How a view for a person is written. */
export type TextOptions = {
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  readonly color: boolean;
  readonly showNumbers: boolean;
};

/** What a view needs besides its data: the paint and the wrapping for one width. */
export type Page = {
  readonly width: number;
  readonly show: boolean;
  readonly paint: Paint;
  /** A paragraph; later lines are indented by `indent`. */
  readonly say: (text: string, tone?: Tone, indent?: string) => string[];
  /** A paragraph with all its lines behind `indent`. */
  readonly block: (text: string, indent: string) => string[];
  /** A paragraph behind a mark (`! `), later lines aligned with the first. */
  readonly mark: (mark: string, text: string, tone: Tone) => string[];
};

export function pageOf(options: TextOptions): Page {
  const paint = painter(options.color);
  const width = Math.max(40, options.width);
  const say: Page["say"] = (text, tone, indent = "") =>
    wrap(plainText(text), width, indent).map(line => (tone ? paint(tone, line) : line));
  const block: Page["block"] = (text, indent) =>
    wrap(plainText(text), width - indent.length).map(line => indent + line);
  const mark: Page["mark"] = (sign, text, tone) => {
    const indent = " ".repeat(displayWidth(sign) + 1);
    return wrap(`${sign} ${plainText(text)}`, width, indent).map((line, at) =>
      at === 0 ? paint(tone, sign) + line.slice(sign.length) : line,
    );
  };
  return { width, show: options.showNumbers, paint, say, block, mark };
}

/**
 * The first line of each plan, run and question: what it is, and in which tenant. The domain always stands in it; what
 * does not fit (the id, usually) comes on a second line.
 */
export function tenantHead(what: string, tenant: Tenant, page: Page): string[] {
  const id = tenant.id === "unknown" ? "tenant unknown" : tenant.id;
  const parts = [what, tenant.displayName, tenant.domain, id].filter(part => part !== undefined);
  // Lines break between the parts only, so the spaces inside them are hidden from the wrapping.
  const text = parts.map(part => plainText(part).replaceAll(" ", "\u00a0")).join("\u00a0· ");
  return wrap(text, page.width, "  ").map(line =>
    page.paint("strong", line.replaceAll("\u00a0", " ").replace(/ ·$/, "")),
  );
}

/** A tenant in a sentence: the domain, or the name, or the id. */
export function tenantName(tenant: Tenant): string {
  if (tenant.domain !== undefined) {
    return tenant.displayName === undefined ? tenant.domain : `${tenant.displayName} (${tenant.domain})`;
  }
  return tenant.displayName ?? (tenant.id === "unknown" ? "an unknown tenant" : `tenant ${tenant.id}`);
}
