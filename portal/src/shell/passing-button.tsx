import { Button } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useKeptFocus } from "./main-focus.ts";

interface Props {
  readonly size?: "small" | "medium";
  /** What it is called for those who hear the page, where it says too little beside others like it. */
  readonly label?: string;
  readonly isPending: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A button that goes when it has worked, and leaves the focus at the page. */
export function PassingButton({ size = "medium", label, isPending, onClick, children }: Props) {
  const element = useKeptFocus<HTMLSpanElement>();
  const name = label === undefined ? {} : { "aria-label": label };
  return (
    <span ref={element}>
      <Button size={size} {...name} disabledFocusable={isPending} onClick={onClick}>
        {children}
      </Button>
    </span>
  );
}
