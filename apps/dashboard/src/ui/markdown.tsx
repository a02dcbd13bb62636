import { lexer, type Token, type Tokens } from "marked";
import { createElement, Fragment, type ReactNode } from "react";
import styles from "./markdown.module.css";

const FRONT_MATTER = /^---\n[\s\S]*?\n---\n/;

/**
 * Draws Markdown as elements: no HTML is ever made of its text, and HTML inside it is shown as it stands. Headings begin at
 * `<h3>`, links lead out only by http and https, pictures are their descriptions.
 */
export const Markdown = ({ text }: { readonly text: string }) => (
  <div className={styles.markdown}>{drawn(lexer(text.replace(FRONT_MATTER, "")))}</div>
);

/** A text that is drawn does not change: its parts need no keys. */
const inOrder = <T,>(parts: readonly T[], draw: (part: T) => ReactNode): ReactNode =>
  createElement(Fragment, null, ...parts.map(draw));

const drawn = (tokens: readonly Token[] = []): ReactNode => inOrder(tokens, element);

function element(token: Token): ReactNode {
  switch (token.type) {
    case "heading":
      return token.depth <= 2 ? <h3>{drawn(token.tokens)}</h3> : <h4>{drawn(token.tokens)}</h4>;
    case "paragraph":
      return <p>{drawn(token.tokens)}</p>;
    case "list":
      return list(token as Tokens.List);
    case "code":
      return <pre>{token.text}</pre>;
    case "table":
      return table(token as Tokens.Table);
    case "blockquote":
      return <blockquote>{drawn(token.tokens)}</blockquote>;
    case "strong":
      return <strong>{drawn(token.tokens)}</strong>;
    case "em":
      return <em>{drawn(token.tokens)}</em>;
    case "codespan":
      return <code>{token.text}</code>;
    case "link":
      return link(token as Tokens.Link);
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "space":
      return null;
    case "text":
      return "tokens" in token && token.tokens !== undefined ? drawn(token.tokens) : token.text;
    case "escape":
    case "image":
      return token.text;
    default:
      return token.raw;
  }
}

function list({ ordered, items }: Tokens.List): ReactNode {
  const rows = inOrder(items, item);
  return ordered ? <ol>{rows}</ol> : <ul>{rows}</ul>;
}

const item = ({ tokens }: Tokens.ListItem): ReactNode => <li>{drawn(tokens)}</li>;

function link({ href, tokens }: Tokens.Link): ReactNode {
  if (!/^https?:\/\//.test(href)) return drawn(tokens);
  return (
    <a href={href} rel="noreferrer">
      {drawn(tokens)}
    </a>
  );
}

const table = ({ header, rows }: Tokens.Table): ReactNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
  <section className={styles.scroll} aria-label={`Table of ${header.map(({ text }) => text).join(", ")}`} tabIndex={0}>
    <table>
      <thead>
        <tr>{inOrder(header, cell)}</tr>
      </thead>
      <tbody>{inOrder(rows, row)}</tbody>
    </table>
  </section>
);

const row = (cells: readonly Tokens.TableCell[]): ReactNode => <tr>{inOrder(cells, cell)}</tr>;

function cell({ header, align, tokens }: Tokens.TableCell): ReactNode {
  const className = align === "right" ? styles.numeric : undefined;
  return header ? <th className={className}>{drawn(tokens)}</th> : <td className={className}>{drawn(tokens)}</td>;
}
