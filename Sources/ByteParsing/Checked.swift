/// Arithmetic on numbers that came from the input: nil instead of a trap when the result is not representable.
extension FixedWidthInteger {
    /// The sum, or nil on overflow.
    @inlinable public func adding(checked other: Self) -> Self? {
        let (value, overflow) = addingReportingOverflow(other)
        return overflow ? nil : value
    }

    /// The difference, or nil on overflow.
    @inlinable public func subtracting(checked other: Self) -> Self? {
        let (value, overflow) = subtractingReportingOverflow(other)
        return overflow ? nil : value
    }

    /// The product, or nil on overflow.
    @inlinable public func multiplied(checked other: Self) -> Self? {
        let (value, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : value
    }

    /// The smallest multiple of `alignment` that is not below this number, or nil on overflow or a zero alignment.
    @inlinable public func aligned(to alignment: Self) -> Self? {
        guard alignment > 0 else { return nil }
        let rest = self % alignment
        return rest == 0 ? self : adding(checked: alignment - rest)
    }
}

extension Sequence where Element: FixedWidthInteger {
    /// The product of all elements (1 when empty), or nil on overflow: the number of elements of a declared shape.
    @inlinable public func checkedProduct() -> Element? {
        var product: Element = 1
        for element in self {
            guard let next = product.multiplied(checked: element) else { return nil }
            product = next
        }
        return product
    }
}
