import { makeStyles } from "@fluentui/react-components";

/** How a list of tabs stands above what it leads to: in line with it, and on a narrow screen in more rows than one. */
export const useTabStyles = makeStyles({ list: { flexWrap: "wrap", marginLeft: "-12px" } });
