import { formatBytes } from "@espalier/contracts";
import { useApi } from "../../../api/api-context.js";
import { CopyButton } from "../../../ui/copy-button.js";
import { type Column, DataTable } from "../../../ui/data-table.js";
import styles from "./artefacts-page.module.css";
import { Download } from "./download.js";
import { count, type ExportFile, largeAndSmall } from "./exports-with-files.js";

/** Digits that tell files apart at a glance; the whole hash is in the title and is what is copied. */
const SHOWN_DIGITS = 12;

const facts: readonly Column<ExportFile>[] = [
  { title: "File", cell: ({ shortName }) => <code>{shortName}</code> },
  { title: "Size", numeric: true, cell: ({ size_bytes }) => formatBytes(size_bytes) },
  {
    title: "SHA-256",
    cell: ({ sha256, shortName }) => (
      <span className={styles.hash}>
        <code title={sha256}>{sha256.slice(0, SHOWN_DIGITS)}…</code>
        <CopyButton text={sha256} what={`SHA-256 of ${shortName}`} />
      </span>
    ),
  },
];

const download: Column<ExportFile> = {
  title: "Save",
  cell: (file) => <Download file={file} label={file.shortName} />,
};

interface FilesProps {
  readonly name: string;
  readonly files: readonly ExportFile[];
}

/** Files of one export; the small ones when they are asked for. */
export function Files({ name, files }: FilesProps) {
  const { large, small } = largeAndSmall(files);
  return (
    <>
      <FileTable name={name} files={large} />
      {small.length > 0 && (
        <details className={styles.more}>
          <summary>
            {count(small.length, "small file")}
            {": "}
            <span className={styles.note}>{small.map(({ shortName }) => shortName).join(", ")}</span>
          </summary>
          <FileTable name={`${name}, small ones`} files={small} />
        </details>
      )}
    </>
  );
}

function FileTable({ name, files }: FilesProps) {
  const { source } = useApi();
  return (
    <DataTable
      caption={`Files of ${name}`}
      columns={source === "service" ? [...facts, download] : facts}
      rows={files}
      rowKey={(file) => file.name}
    />
  );
}
