import { Button } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { texts } from "../texts.ts";

interface Props {
  /** What is copied, as it is called within a sentence. */
  readonly what: string;
  readonly value: string;
  /** Within a field there is room for a picture only. */
  readonly within?: "field";
}

/** Copies a value, and says so until the value is another. */
export function CopyButton({ what, value, within }: Props) {
  const [copied, setCopied] = useState<string>();
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(value);
  };
  const isCopied = copied === value;
  const label = isCopied ? texts.copied(what) : texts.copy(what);
  const look = within === "field" ? ({ appearance: "transparent", "aria-label": label } as const) : { children: label };
  return <Button {...look} size="small" icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />} onClick={copy} />;
}
