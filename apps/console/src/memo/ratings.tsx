// The two ratings, side by side in boxes of their own: the letter of a source, the figure of what it says.
import type { Claim } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { letters } from "./rests-on.ts";

export function Letter({ reliability }: { readonly reliability: string }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const meaning = (memo.reliability as Readonly<Record<string, string>>)[reliability] ?? "";
  return (
    <abbr className="rating" title={`${memo.reliability.title}: ${meaning}`}>
      {reliability}
    </abbr>
  );
}

export function Ratings({ claim }: { readonly claim: Claim }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  return (
    <span className="ratings">
      {letters(claim).map((letter) => (
        <Letter key={letter} reliability={letter} />
      ))}
      <abbr className="rating figure" title={`${memo.credibility.title}: ${memo.credibility[claim.credibility]}`}>
        {claim.credibility}
      </abbr>
    </span>
  );
}
