import { Connection } from "../../core/connection.js";
import type ContainerApi from "../containers/index.js";
import type ImageApi from "../images/index.js";
import type ServiceApi from "../services/index.js";
import type TaskApi from "../tasks/index.js";

/**
 * The operations that the convenience methods combine.
 *
 * Convenience mixins extend this class to call operations of several resources. The class declares the operations but does not
 * implement them: at run time, the mixins are applied to the client, which has all operations. A convenience that needs another
 * resource adds its API to the interface; a method that both declare is a compile error.
 */
export abstract class Resources extends Connection {}
export interface Resources extends ContainerApi, ImageApi, ServiceApi, TaskApi {}
