declare module "axios/dist/browser/axios.cjs" {
  export { Axios } from "axios";
}
