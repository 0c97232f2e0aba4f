import { describe, expect, it } from "vitest";
import { plainOf } from "../../lib/text/marks";
import { isAddress, marksOf } from "./pasted";

describe("marksOf", () => {
  it.each([
    ["a <b>bold</b> word", "a **bold** word"],
    ["<p>a <strong>bold </strong>word</p>", "a **bold** word"],
    ["<i>a</i> <em>b</em>", "_a b_"],
    ["<b>a <i>b</i></b>", "**a _b_**"],
    ["<b><i>a</i></b>", "**_a_**"],
    ["<s>a</s> <del>b</del> c", "~~a b~~ c"],
    ["run <code>npm  test</code>", "run `npm test`"],
    ['<a href="https://a.example/b">the plan</a>!', "[the plan](https://a.example/b)!"],
    ['<b><a href="https://a.example/b">the plan</a></b>', "**[the plan](https://a.example/b)**"],
    ['see <a href="https://a.example/">https://a.example</a> <b>x</b>', "see https://a.example **x**"],
    ['<a href="mailto:ana@a.example">ana@a.example</a> <b>x</b>', "ana@a.example **x**"],
    ["<ul><li>milk</li><li><b>eggs</b></li></ul>", "- milk\n- **eggs**"],
    ["<ul><li>milk<ul><li>oat</li></ul></li><li>eggs</li></ul>", "- milk\n  - oat\n- eggs"],
    ["<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"],
    ["<ul><li><p>milk</p></li><li><p>eggs</p></li></ul>", "- milk\n- eggs"],
    ["Buy:<ul><li>milk</ul>Thanks", "Buy:\n- milk\nThanks"],
    ["<pre><code class='language-js'>let x\n  y()\n</code></pre>", "```js\nlet x\n  y()\n```"],
    ["<pre>a</pre><pre>b</pre>", "```\na\n```\n```\nb\n```"],
    ["<p>one</p><p><b>two</b></p>", "one\n\n**two**"],
    ["<div>one</div><div><b>two</b><br>three</div>", "one\n**two**\nthree"],
    [
      '<b style="font-weight:normal"><p style="margin-bottom:0">a <span style="font-weight:700">b</span></p></b>',
      "a **b**",
    ],
    ['<span style="font-style: italic; font-weight: 400">a</span>', "_a_"],
    ["un<b>fri</b>day<br><b>x</b>", "unfriday\n**x**"],
    ["<style>b{}</style><b>a</b><script>alert(1)</script>", "**a**"],
    ["<!--StartFragment--><b>a</b><!--EndFragment-->", "**a**"],
    ["<b>Tom &amp; Jerry &lt;3 &#128077; &eacute;</b>", "**Tom & Jerry <3 👍 &eacute;**"],
    ['<a href="javascript:alert(1)">a</a> <b>b</b>', "a **b**"],
    ["<h1>Title</h1><p>a <b>b</b></p>", "Title\n\na **b**"],
    ["<table><tr><td>a</td><td><b>b</b></td></tr></table>", "a **b**"],
  ])("of %j are %j", (html, marks) => {
    expect(marksOf(html)).toBe(marks);
  });

  it.each(["plain", "<p>one</p><p>two</p>", "<span style='color:red'>a</span>", "<h1>Title</h1>", "", "<b></b>", "<b"])(
    "are none of %j",
    (html) => {
      expect(marksOf(html)).toBeNull();
    },
  );

  it("reads broken pages to their end, and in time", () => {
    const started = process.cpuUsage();
    for (const part of [
      "<b>",
      "<b",
      '<a href="',
      "<!--",
      "</b>",
      "<ul><li>",
      "&",
      "&#1;",
      "<p>a",
      "<pre>",
      "<b>a</b>c",
      "<i> a",
    ]) {
      const marks = marksOf(part.repeat(199_000 / part.length));
      expect(plainOf(marks ?? "")).not.toContain("<b");
    }
    // In proportion to the square of the length it would be minutes.
    expect(process.cpuUsage(started).user).toBeLessThan(10_000_000);
  }, 60_000);
});

describe("isAddress", () => {
  it("is true of an address that a link may have", () => {
    expect(isAddress("https://a.example/b_c?d=e#f")).toBe(true);
  });

  it.each(["a", "javascript:alert(1)", "https://a.example b", "see https://a.example"])("is false of %j", (text) => {
    expect(isAddress(text)).toBe(false);
  });
});
