export default function Stores() {
  return <h1>Stores</h1>
}
