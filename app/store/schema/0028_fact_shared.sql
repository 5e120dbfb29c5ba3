-- What referrers were given because of sales: looked for at each refund since its sale, among few.
CREATE INDEX fact_shared ON fact (epoch, dseq) WHERE kind = 'sale_shared.1';
