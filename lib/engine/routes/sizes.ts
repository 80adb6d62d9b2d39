import type { Container } from "../containers/container.js";
import type { ContainerSize } from "../containers/inspect.js";

/** Measures the files of a container. Those of one that is being removed meanwhile count as nothing. */
export async function sizeOf(container: Container): Promise<ContainerSize> {
  try {
    const { root } = await container.files();
    const { written, total } = await root.sizes();
    return { SizeRw: written, SizeRootFs: total };
  } catch (error) {
    if (container.record.state.status === "removing") return { SizeRw: 0, SizeRootFs: 0 };
    throw error;
  }
}
