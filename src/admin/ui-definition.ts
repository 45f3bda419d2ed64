/** An element of the portal's screens, as far as it concerns us. */
export interface UiElement {
  readonly name: string;
  readonly toolTip?: string;
}
/** The portal's screens for the template (`createUiDefinition.json`). */
export interface UiDefinition {
  readonly parameters: {
    readonly basics: readonly UiElement[];
    readonly steps: readonly { readonly name: string; readonly elements: readonly UiElement[] }[];
    readonly outputs: Readonly<Record<string, string>>;
  };
}

/** Says beside every element what the template says of the parameter it fills. */
export function withToolTips<T extends UiDefinition>(
  ui: T,
  parameters: Readonly<Record<string, unknown>>,
): T {
  const { basics, steps, outputs } = ui.parameters;
  /** `at` is how an output names it: `steps('chat').title`, and not `steps('chat').titles`. */
  const told = (element: UiElement, at: RegExp): UiElement => {
    const [parameter = ''] = Object.entries(outputs).find(([, output]) => at.test(output)) ?? [];
    const toolTip = descriptionOf(parameters[parameter]);
    return toolTip === undefined ? element : { ...element, toolTip };
  };
  return {
    ...ui,
    parameters: {
      ...ui.parameters,
      basics: basics.map((one) => told(one, new RegExp(`basics\\('${one.name}'\\)`, 'u'))),
      steps: steps.map((step) => ({
        ...step,
        elements: step.elements.map((one) =>
          told(one, new RegExp(`steps\\('${step.name}'\\)\\.${one.name}\\b`, 'u')),
        ),
      })),
    },
  };
}

function descriptionOf(parameter: unknown): string | undefined {
  const metadata: unknown = Reflect.get(Object(parameter), 'metadata');
  const description: unknown = Reflect.get(Object(metadata), 'description');
  return typeof description === 'string' ? description : undefined;
}
