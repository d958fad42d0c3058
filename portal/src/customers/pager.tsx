import { Button, makeStyles, Select, Text } from "@fluentui/react-components";
import {
  ChevronDoubleLeftRegular,
  ChevronDoubleRightRegular,
  ChevronLeftRegular,
  ChevronRightRegular,
} from "@fluentui/react-icons";
import { texts } from "../texts.ts";
import { pageSizes } from "./list-state.ts";

const useStyles = makeStyles({
  pager: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px", marginTop: "8px" },
  range: { flexGrow: 1 },
});

interface Props {
  readonly page: number;
  readonly size: number;
  /** How many are shown on this page. */
  readonly shown: number;
  /** How many there are in all; undefined while that is not known. */
  readonly count: number | undefined;
  readonly onPage: (page: number) => void;
  readonly onSize: (size: number) => void;
}

/** Which part of the list is shown, and the way to the others. */
export function Pager({ page, size, shown, count, onPage, onSize }: Props) {
  const styles = useStyles();
  const last = count === undefined ? undefined : Math.max(1, Math.ceil(count / size));
  const steps = [
    { label: texts.pager.first, icon: <ChevronDoubleLeftRegular />, to: 1, isPossible: page > 1 },
    { label: texts.pager.previous, icon: <ChevronLeftRegular />, to: page - 1, isPossible: page > 1 },
    {
      label: texts.pager.next,
      icon: <ChevronRightRegular />,
      to: page + 1,
      isPossible: last === undefined ? shown === size : page < last,
    },
    { label: texts.pager.last, icon: <ChevronDoubleRightRegular />, to: last ?? page, isPossible: page < (last ?? 0) },
  ];
  const before = (page - 1) * size;
  return (
    <nav className={styles.pager} aria-label={texts.pager.title}>
      <Text className={styles.range} role="status">
        {texts.pager.range(shown === 0 ? 0 : before + 1, shown === 0 ? 0 : before + shown, count)}
      </Text>
      <Select
        size="small"
        aria-label={texts.pager.size}
        value={String(size)}
        onChange={(_, { value }) => onSize(Number(value))}
      >
        {pageSizes.map((each) => (
          <option key={each} value={each}>
            {texts.pager.perPage(each)}
          </option>
        ))}
      </Select>
      {steps.map(({ label, icon, to, isPossible }) => (
        // Not disabled: whoever has just pressed it would lose the focus.
        <Button
          key={label}
          appearance="subtle"
          size="small"
          icon={icon}
          aria-label={label}
          disabledFocusable={!isPossible}
          onClick={() => isPossible && onPage(to)}
        />
      ))}
    </nav>
  );
}
