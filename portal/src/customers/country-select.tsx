import { makeStyles, mergeClasses, Select, type SelectProps } from "@fluentui/react-components";
import { iso31661Alpha2ToNumeric } from "iso-3166";
import { nameOfCountry } from "./format.ts";

// The longest name must not make the page wider than the screen.
const useStyles = makeStyles({ root: { minWidth: 0, maxWidth: "100%" }, select: { width: "100%", minWidth: 0 } });

/** Every country, by its English name. */
const countries = Object.keys(iso31661Alpha2ToNumeric)
  .map((code) => ({ code, name: nameOfCountry(code) }))
  .sort((one, other) => one.name.localeCompare(other.name, "en"));

type Props = Omit<SelectProps, "onChange" | "value"> & {
  /** A name for those who hear the page; none when a label stands beside it. */
  readonly label?: string;
  /** What stands for no country. */
  readonly all: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
};

/** A choice of country. */
export function CountrySelect({ label, all, value, onChange, className, ...rest }: Props) {
  const styles = useStyles();
  return (
    <Select
      {...rest}
      className={mergeClasses(styles.root, className)}
      select={{ className: styles.select }}
      {...(label === undefined ? {} : { "aria-label": label })}
      value={value}
      onChange={(_, chosen) => onChange(chosen.value)}
    >
      <option value="">{all}</option>
      {countries.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </Select>
  );
}
