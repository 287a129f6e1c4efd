import { textAt } from "../json.ts";
import { type Connector, fileNames } from "./connector.ts";
import { type Level, type Rule, sources } from "./finding.ts";
import { pngFacts } from "./png.ts";

const wanted = 230;

/** Rules of the icon. */
export const iconRules: readonly Rule[] = [
  {
    id: "IconMissing",
    level: "certification",
    source: sources.submission,
    *find({ files }) {
      if (files.icon === undefined) yield { where: fileNames.icon, message: "There is no icon.png." };
    },
  },
  onIcon("IconNotPng", "error", (_, icon) =>
    pngFacts(icon) === undefined ? "The file is not a PNG." : undefined,
  ),
  onIcon("IconSize", "certification", (_, icon) => {
    const facts = pngFacts(icon);
    return facts !== undefined && (facts.width !== wanted || facts.height !== wanted)
      ? `The icon is ${facts.width}x${facts.height}; ${wanted}x${wanted} is asked for.`
      : undefined;
  }),
  onIcon("IconTransparent", "certification", (_, icon) =>
    pngFacts(icon)?.transparent ? "The icon must not be transparent." : undefined,
  ),
  onIcon("IconBackground", "certification", ({ properties }, icon) => {
    const corner = pngFacts(icon)?.corner;
    const brand = textAt(properties, "properties", "iconBrandColor")?.toLowerCase();
    if (corner === "#ffffff") return "The background of the icon must not be white.";
    return corner !== undefined && brand !== undefined && corner !== brand
      ? `The background of the icon is ${corner}, the brand colour is ${brand}; they must be the same.`
      : undefined;
  }),
];

function onIcon(
  id: string,
  level: Level,
  judge: (connector: Connector, icon: Uint8Array) => string | undefined,
): Rule {
  return {
    id,
    level,
    source: sources.submission,
    *find(connector) {
      const { icon } = connector.files;
      const message = icon === undefined ? undefined : judge(connector, icon);
      if (message !== undefined) yield { where: fileNames.icon, message };
    },
  };
}
