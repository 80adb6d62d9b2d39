import { Connection } from "../../core/connection.js";
import type ContainerApi from "../containers/index.js";
import type ImageApi from "../images/index.js";
import type ServiceApi from "../services/index.js";
import type TaskApi from "../tasks/index.js";

/**
 * The operations that conveniences combine.
 *
 * A convenience extends this class to call operations of other resources, which do not import each other.
 * The class implements none of them: at run time, the convenience is mixed into the client,
 * which has them all.
 */
export abstract class Resources extends Connection {}
export interface Resources extends ContainerApi, ImageApi, ServiceApi, TaskApi {}
