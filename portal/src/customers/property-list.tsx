import { makeStyles, tokens } from "@fluentui/react-components";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(280px, 100%), 1fr))",
    gap: "16px 24px",
    margin: 0,
    maxWidth: "1400px",
  },
  name: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  value: { margin: 0 },
});

/** Properties with their values, to be read. */
export function PropertyList({ properties }: { readonly properties: readonly (readonly [string, string | null])[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {properties.map(([name, value]) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value === null || value === "" ? texts.empty : value}</dd>
        </div>
      ))}
    </dl>
  );
}
