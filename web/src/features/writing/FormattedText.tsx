import { createContext, Fragment, useContext, useMemo, type ReactNode } from "react";
import { findHref, splitLinks } from "../../lib/text/links";
import { BOLD, ITALIC, parseMarks, Style, type Line, type Span } from "../../lib/text/marks";
import { splitMentions, type Named } from "../../lib/text/mentions";
import { classNames } from "../../ui/classNames";
import { blocksOf, type Block, type Item, type ListBlock } from "./blocks";
import { CodeBlock } from "./CodeBlock";
import "./FormattedText.css";

/** Somebody whom a message mentions. */
export interface Mentioned extends Named {
  readonly isMe: boolean;
}

interface FormattedTextProps {
  readonly text: string;
  /** By the names that they have now. */
  readonly mentions?: readonly Mentioned[];
}

const NOBODY: readonly Mentioned[] = [];
const Mentions = createContext(NOBODY);

/** A message's words as its marks say, with its addresses as links. The text only ever becomes text nodes. */
export function FormattedText({ text, mentions = NOBODY }: FormattedTextProps): ReactNode {
  const blocks = useMemo(() => blocksOf(parseMarks(text)), [text]);
  return (
    <Mentions value={mentions}>
      <Blocks blocks={blocks} />
    </Mentions>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return blocks.map((block, index) => <Fragment key={index}>{drawBlock(block)}</Fragment>);
}

function drawBlock(block: Block): ReactNode {
  switch (block.kind) {
    case "text":
      return block.lines.map((line, index) => (
        <Fragment key={index}>
          {index > 0 && "\n"}
          <Spans line={line} />
        </Fragment>
      ));
    case "quote":
      return (
        <blockquote className="hc-text__quote" dir="auto">
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case "list":
      return <List list={block} />;
    case "code":
      return <CodeBlock language={block.language} text={block.text} />;
  }
}

/** Numbers stand as they were written. The roles are there for Safari, to which a list without its markers is none. */
function List({ list: { isNumbered, items } }: { readonly list: ListBlock }): ReactNode {
  const drawn = items.map((item, index) => <ListItem key={index} item={item} />);
  return isNumbered ? (
    <ol className="hc-text__list hc-text__list--numbered" role="list" dir="auto">
      {drawn}
    </ol>
  ) : (
    <ul className="hc-text__list" role="list" dir="auto">
      {drawn}
    </ul>
  );
}

function ListItem({ item: { line, lists } }: { readonly item: Item }): ReactNode {
  return (
    <li>
      {line.label !== "" && <span className="hc-text__number">{line.label}</span>}
      <Spans line={line} />
      {lists.map((list, index) => (
        <List key={index} list={list} />
      ))}
    </li>
  );
}

function Spans({ line }: { readonly line: Line }): ReactNode {
  const read = line.spans.filter(({ style }) => (style & Style.mark) === 0);
  return read.map((span, index) => <Fragment key={index}>{drawSpan(span)}</Fragment>);
}

function drawSpan({ text, style, href }: Span): ReactNode {
  let drawn: ReactNode = <LinkedText text={text} />;
  if (href !== undefined) drawn = <NamedLink text={text} address={href} />;
  if ((style & Style.code) !== 0) drawn = <code className="hc-message__code">{text}</code>;
  if ((style & Style.strike) !== 0) drawn = <s>{drawn}</s>;
  if ((style & ITALIC) !== 0) drawn = <em>{drawn}</em>;
  return (style & BOLD) !== 0 ? <strong>{drawn}</strong> : drawn;
}

function LinkedText({ text }: { readonly text: string }): ReactNode {
  return splitLinks(text).map((segment, index) =>
    segment.kind === "link" ? (
      <Link key={index} href={segment.href} text={segment.text} />
    ) : (
      <MentioningText key={index} text={segment.text} />
    ),
  );
}

function MentioningText({ text }: { readonly text: string }): ReactNode {
  const mentions = useContext(Mentions);
  if (mentions.length === 0) return text;
  return splitMentions(text, mentions).map(({ text: part, person }, index) =>
    person === null ? (
      part
    ) : (
      // Not a button: its text is to be selected and copied with the rest.
      <bdi
        key={index}
        className={classNames("hc-mention", person.isMe && "hc-mention--me")}
        role="button"
        tabIndex={-1}
        data-acts="person"
        data-person={person.id}
      >
        {part}
      </bdi>
    ),
  );
}

/** A link that calls itself something says beside it where it leads: its text may promise anything. */
function NamedLink({ text, address }: { readonly text: string; readonly address: string }): ReactNode {
  const href = findHref(address);
  return href === null ? `[${text}](${address})` : <Link href={href} text={text} place={placeOf(href)} />;
}

function placeOf(href: string): string {
  const { protocol, host, pathname } = new URL(href);
  return protocol === "mailto:" ? pathname : host;
}

interface LinkProps {
  readonly href: string;
  readonly text: string;
  readonly place?: string;
}

/** Pages of the web open beside the chat and are told nothing. A telephone or a mail program is asked for as it is. */
function Link({ href, text, place }: LinkProps): ReactNode {
  const elsewhere = href.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer nofollow" } : {};
  return (
    <a className="hc-message__link" href={href} data-place={place} {...elsewhere}>
      {text}
    </a>
  );
}
