import { makeStyles, tokens } from "@fluentui/react-components";

/** How code and answers look. */
export const useCodeStyles = makeStyles({
  mono: { fontFamily: tokens.fontFamilyMonospace },
  block: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
    padding: "12px",
    borderRadius: tokens.borderRadiusMedium,
    overflowX: "auto",
    margin: "8px 0",
    maxHeight: "60vh",
  },
});
