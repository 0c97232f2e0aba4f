import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

const ONE_WAY = "Imports point one way: ui, lib → realtime → features → app → console.";

/** The folders that a folder must not import from, because they are above it. */
function folders(...names) {
  return { regex: `^(\\.\\./)+(${names.join("|")})(/|$)`, message: ONE_WAY };
}

function packages(...names) {
  return { regex: `^(${names.join("|")})(/|$)`, message: "This layer is plain TypeScript." };
}

function restrict(folder, ...patterns) {
  return { files: [`src/${folder}/**`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

// `session` hands the chat's client to all the others.
const insidesOfOthers = {
  regex:
    "^\\.\\./(acting|attaching|connection|conversations|conversation|composer|files|notifications|people|picture|preferences|push|search|writing)/",
  message: "A feature imports what another one's index offers, not its insides.",
};

export default defineConfig(
  globalIgnores(["dist-lib", "coverage", "src/lib/api/schema.d.ts"]),
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./tsconfig.sw.json"] } },
    plugins: { "react-hooks": hooks },
    rules: {
      // The plugin's other rules prepare code for React's compiler, which we do without.
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      // Text of people is only ever a text node.
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is never HTML." },
        {
          selector: "AssignmentExpression[left.property.name=/^(innerHTML|outerHTML|srcdoc)$/]",
          message: "Text is never HTML.",
        },
        {
          selector:
            "JSXOpeningElement[name.name=/^[a-z]/] > JSXAttribute[name.name=/^onKey/] > JSXExpressionContainer" +
            " > :not(CallExpression[callee.name='ownKeys'], LogicalExpression[right.callee.name='ownKeys'])",
          message: "Keys of input methods are theirs: make the handler by ownKeys.",
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => close()}` says what it does without a block of its own.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/unbound-method": "off", // stores hand out their methods, which are bound
      "@typescript-eslint/consistent-type-imports": "error",
      // A handler of an event may be asynchronous; that it never rejects is its own business.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  restrict("lib", folders("ui", "realtime", "features", "app", "console")),
  restrict("ui", folders("realtime", "features", "app", "console")),
  restrict("realtime", folders("ui", "features", "app", "console"), packages("react", "react-dom", "wouter")),
  restrict("features", folders("app", "console"), insidesOfOthers),
  restrict("app", folders("console")),
  { files: ["**/*.test.{ts,tsx}"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } }, // a test fails there
);
